namespace Gs1;

/// <summary>Why a text is not an acceptable GS1 Digital Link URI.</summary>
public enum DigitalLinkFault
{
    /// <summary>Nothing was given.</summary>
    Empty,

    /// <summary>Longer than <see cref="DigitalLink.MaxLength"/> characters.</summary>
    TooLong,

    /// <summary>A character that RFC 3986 does not allow in a URI.</summary>
    IllegalCharacter,

    /// <summary>Neither http nor https, or written in mixed case.</summary>
    BadScheme,

    /// <summary>No host, or one with characters that no host has.</summary>
    BadHost,

    /// <summary>No primary key (GTIN, GLN, SSCC ...) in the path.</summary>
    NoPrimaryKey,

    /// <summary>The path names an identifier that is no qualifier of the key, or in the wrong order, or twice.</summary>
    BadQualifiers,

    /// <summary>An identifier without a value.</summary>
    EmptyValue,

    /// <summary>A percent sign that is not followed by two hexadecimal digits.</summary>
    BadPercentEncoding,

    /// <summary>The value is too short or too long.</summary>
    BadLength,

    /// <summary>The value has a character outside its character set.</summary>
    BadCharacter,

    /// <summary>The check digit or check characters do not fit.</summary>
    BadCheckDigit,

    /// <summary>No such day or time.</summary>
    BadDate,

    /// <summary>The value breaks another rule of its identifier, for example piece 3 of 2.</summary>
    BadContent,

    /// <summary>A numeric key of the query that is no Application Identifier.</summary>
    UnknownQueryKey,

    /// <summary>The identifier may not stand in the query.</summary>
    NotAnAttribute,

    /// <summary>The same identifier twice.</summary>
    Repeated,

    /// <summary>Two identifiers that exclude each other.</summary>
    Exclusive,

    /// <summary>Another identifier is needed beside this one.</summary>
    Incomplete,
}

/// <summary>What is wrong with a text that was given as a Digital Link.</summary>
/// <param name="Fault">The kind of fault.</param>
/// <param name="Ai">The Application Identifier it is about, if it is about one.</param>
public sealed record DigitalLinkError(DigitalLinkFault Fault, string? Ai = null)
{
    /// <summary>One English line for logs and problem details; holds nothing of the value itself.</summary>
    public string Message => Ai is null ? Fault.ToString() : $"{Fault} ({Ai})";
}
