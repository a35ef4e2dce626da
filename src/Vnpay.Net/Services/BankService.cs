using System.Globalization;

namespace Vnpay;

/// <summary>The banks that a customer can choose on the payment page.</summary>
public sealed class BankService
{
    private readonly VnpayClientOptions options;
    private readonly VnpayTransport transport;

    internal BankService(VnpayClientOptions options, VnpayTransport transport)
    {
        this.options = options;
        this.transport = transport;
    }

    /// <summary>Banks of the terminal, in the order in which to show them. The list is not signed: use it for display only.</summary>
    /// <exception cref="VnpayValidationException">A missing setting; nothing was sent.</exception>
    /// <exception cref="VnpayConnectionException">No usable answer after the last try.</exception>
    public async Task<IReadOnlyList<Bank>> ListAsync(RequestOptions? request = null, CancellationToken cancellationToken = default)
    {
        var terminal = Terminal.Of(options, request);
        var url = new Uri(FieldRules.HttpUrl(nameof(VnpayClientOptions.BankListUrl), options.BankListUrl));
        var (answer, _) = await transport.SendAsync(
            new Exchange("get_bank_list", terminal.TmnCode, null, Repeatable: true),
            _ => new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent([KeyValuePair.Create("tmn_code", terminal.TmnCode)]) },
            request, cancellationToken).ConfigureAwait(false);
        return [.. VnpayTransport.ReadArray(answer).Where(bank => bank.GetValueOrDefault("bank_code", "").Length > 0).Select(Read).OrderBy(bank => bank.DisplayOrder ?? int.MaxValue)];
    }

    private static Bank Read(Dictionary<string, string> fields) => new()
    {
        Code = new BankCode(fields["bank_code"]),
        Name = fields.GetValueOrDefault("bank_name", ""),
        LogoLink = fields.GetValueOrDefault("logo_link") is { Length: > 0 } link ? link : null,
        Type = fields.GetValueOrDefault("bank_type") is { Length: > 0 } type ? type : null,
        DisplayOrder = int.TryParse(fields.GetValueOrDefault("display_order"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var order) ? order : null,
        Raw = fields.AsReadOnly(),
    };
}

/// <summary>A bank as VNPAY lists it.</summary>
public sealed record Bank
{
    internal Bank() { }

    /// <summary><c>bank_code</c>, to be given as <see cref="PaymentUrlCreateOptions.BankCode"/>.</summary>
    public required BankCode Code { get; init; }

    /// <summary><c>bank_name</c>, for people.</summary>
    public required string Name { get; init; }

    /// <summary><c>logo_link</c>: address of a picture at VNPAY.</summary>
    public string? LogoLink { get; init; }

    /// <summary><c>bank_type</c>; VNPAY publishes no list of its values.</summary>
    public string? Type { get; init; }

    /// <summary><c>display_order</c>.</summary>
    public int? DisplayOrder { get; init; }

    /// <summary>Every field of the entry.</summary>
    public required IReadOnlyDictionary<string, string> Raw { get; init; }
}
