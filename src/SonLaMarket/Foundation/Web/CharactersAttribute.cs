using System.ComponentModel.DataAnnotations;

namespace SonLaMarket.Foundation.Web;

/// <summary>The length of a text in characters as PostgreSQL counts them: an emoji is one to the database and two or more to .NET.</summary>
public sealed class CharactersAttribute(int most) : StringLengthAttribute(most)
{
    public override bool IsValid(object? value) =>
        value is not string text || (text.EnumerateRunes().Count() is var length && length >= MinimumLength && length <= MaximumLength);
}
