namespace SonLaMarket.Accounts;

/// <summary>A person as sign-in needs them.</summary>
/// <param name="PublicId">What an authenticator keeps of the person: says nothing, never changes.</param>
/// <param name="EmailProvenAt">When its owner first showed a code sent there; null for an address that was only typed.</param>
public sealed record Person(
    long Id, Guid PublicId, string? Email, DateTimeOffset? EmailProvenAt, string? Phone, DateTimeOffset? PhoneProvenAt, string Name, string? PasswordHash, string SecurityStamp,
    string? TotpSecret, long? TotpLastStep, bool HasPasskey, bool SecondFactorDemanded, DateTimeOffset? DisabledAt, string[] Roles)
{
    public bool IsOffice => Roles.Contains(Foundation.Roles.Officer) || Roles.Contains(Foundation.Roles.Operator);

    /// <summary>Officers and operators sign in with a second factor, unless the printed demonstration accounts say otherwise.</summary>
    public bool NeedsSecondFactor => SecondFactorDemanded && IsOffice;

    /// <summary>A password or a code alone does not let them in.</summary>
    public bool AsksSecondFactor => TotpSecret is not null || NeedsSecondFactor;

    /// <summary>Phone first: it is what most people have.</summary>
    public IEnumerable<Contact> Contacts => new[] { Phone, Email }.OfType<string>().Select(c => new Contact(c));

    public bool IsProven(Contact contact) => (contact.IsEmail ? EmailProvenAt : PhoneProvenAt) is not null;
}

/// <summary>What a new account is made of. At least one of e-mail (lower case) and phone (E.164).</summary>
/// <param name="Proven">Whoever makes the account answers for it that the contact is the person's. False where it was only typed.</param>
public sealed record NewPerson(string? Email, string? Phone, string Name, string? Password, string[] Roles, bool IsSample = false, bool SecondFactorDemanded = true, bool Proven = true)
{
    public static NewPerson With(Contact contact, string name, string? password, string role, bool proven) =>
        new(contact.IsEmail ? contact.Value : null, contact.IsEmail ? null : contact.Value, name, password, [role], Proven: proven);
}
