using System.Text;

namespace Gs1;

/// <summary>
/// Brings identifiers of objects, places and parties to one form (CBV 2.0, section 8.9): EPC URNs (EPC Tag Data Standard 2.0, section 6)
/// and Digital Links of any domain become https://id.gs1.org/... at the finest level; other URIs are left alone.
/// </summary>
internal static class EpcUri
{
    private const string Root = "https://id.gs1.org/";

    // Per URN scheme: AI of the key, digits before the check digit (0: no check digit), and where the first digit of the reference goes.
    private static readonly Dictionary<string, UrnScheme> Schemes = new(StringComparer.Ordinal)
    {
        ["id:sgtin"] = new("01", 13, IndicatorFirst: true, Qualifier: "21"),
        ["idpat:sgtin"] = new("01", 13, IndicatorFirst: true, Pattern: true),
        ["class:lgtin"] = new("01", 13, IndicatorFirst: true, Qualifier: "10"),
        ["id:upui"] = new("01", 13, IndicatorFirst: true, Qualifier: "235"),
        ["idpat:upui"] = new("01", 13, IndicatorFirst: true, Pattern: true),
        ["id:itip"] = new("8006", 13, IndicatorFirst: true, Qualifier: "21", Pieces: true),
        ["idpat:itip"] = new("8006", 13, IndicatorFirst: true, Pattern: true, Pieces: true),
        ["id:sscc"] = new("00", 17, IndicatorFirst: true),
        ["id:sgln"] = new("414", 12, Qualifier: "254"),
        ["id:pgln"] = new("417", 12),
        ["id:grai"] = new("8003", 12, Lead: "0", SerialInKey: true),
        ["idpat:grai"] = new("8003", 12, Lead: "0", Pattern: true),
        ["id:gdti"] = new("253", 12, SerialInKey: true),
        ["idpat:gdti"] = new("253", 12, Pattern: true),
        ["id:sgcn"] = new("255", 12, SerialInKey: true),
        ["idpat:sgcn"] = new("255", 12, Pattern: true),
        ["id:gsrn"] = new("8018", 17),
        ["id:gsrnp"] = new("8017", 17),
        ["id:gsin"] = new("402", 16),
        ["id:giai"] = new("8004", 0),
        ["id:ginc"] = new("401", 0),
        ["id:cpi"] = new("8010", 0, Qualifier: "8011"),
        ["idpat:cpi"] = new("8010", 0, Pattern: true),
    };

    private static readonly (string Prefix, string Address)[] CbvUrns =
    [
        ("urn:epcglobal:cbv:bizstep:", "https://ref.gs1.org/cbv/BizStep-"),
        ("urn:epcglobal:cbv:disp:", "https://ref.gs1.org/cbv/Disp-"),
        ("urn:epcglobal:cbv:btt:", "https://ref.gs1.org/cbv/BTT-"),
        ("urn:epcglobal:cbv:sdt:", "https://ref.gs1.org/cbv/SDT-"),
        ("urn:epcglobal:cbv:er:", "https://ref.gs1.org/cbv/ER-"),
    ];

    public static string? Canonical(string uri)
    {
        if (uri.StartsWith("http", StringComparison.Ordinal))
            return FromDigitalLink(uri);
        foreach (var (prefix, address) in CbvUrns)
            if (uri.StartsWith(prefix, StringComparison.Ordinal))
                return address + uri[prefix.Length..];
        return uri.StartsWith("urn:epc:", StringComparison.Ordinal) ? FromUrn(uri["urn:epc:".Length..]) : null;
    }

    private static string? FromDigitalLink(string uri)
    {
        var query = uri.AsSpan().IndexOfAny('?', '#');
        return DigitalLink.TryParse(query < 0 ? uri : uri[..query], out var link, out _) ? Finest(link) : null;
    }

    // A serial drops the lot and the variant; extensions that only describe (7040, 8019, 8020) are dropped.
    private static string Finest(DigitalLink link)
    {
        string[] candidates = link.Key.Ai switch
        {
            "01" => ["235", "21", "10"],
            "8006" => ["21", "10"],
            "414" => ["254"],
            "8010" => ["8011"],
            _ => [],
        };
        var text = Path(link.Key);
        foreach (var ai in candidates)
            foreach (var qualifier in link.Qualifiers)
                if (qualifier.Ai == ai)
                    return Root + text + "/" + Path(qualifier);
        return Root + text;
    }

    private static string? FromUrn(string urn)
    {
        var colon = urn.IndexOf(':', urn.IndexOf(':', StringComparison.Ordinal) + 1);
        if (colon < 0 || !Schemes.TryGetValue(urn[..colon], out var scheme))
            return null;
        var parts = urn[(colon + 1)..].Split('.', scheme.Pieces ? 5 : 3);
        return parts.Length < 2 ? null : scheme.Build(parts);
    }

    private static string Path(AiValue pair)
    {
        var text = new StringBuilder(pair.Ai).Append('/');
        PercentEncoding.AppendEncoded(text, pair.Value);
        return text.ToString();
    }

    private sealed record UrnScheme(
        string Ai,
        int Digits,
        bool IndicatorFirst = false,
        string Lead = "",
        string? Qualifier = null,
        bool SerialInKey = false,
        bool Pieces = false,
        bool Pattern = false)
    {
        public string? Build(string[] parts)
        {
            var hasSerial = SerialInKey || Qualifier is not null;
            var expected = 2 + (Pieces ? 2 : 0) + (hasSerial || Pattern ? 1 : 0);
            if (parts.Length != expected || (Pattern && parts[^1] != "*") || Key(parts[0], parts[1]) is not { } key)
                return null;
            if (Pieces)
                key += parts[2] + parts[3];
            var serial = "";
            if (hasSerial && !PercentEncoding.TryDecode(parts[^1], plusIsSpace: false, out serial))
                return null;
            if (SerialInKey)
                key += serial;
            var hasQualifier = Qualifier is not null && !(Ai == "414" && serial == "0");
            return Checked(Ai, key) && (!hasQualifier || Checked(Qualifier!, serial))
                ? Root + Path(new AiValue(Ai, key)) + (hasQualifier ? "/" + Path(new AiValue(Qualifier!, serial)) : "")
                : null;
        }

        private string? Key(string company, string reference)
        {
            if (Digits == 0)
                return PercentEncoding.TryDecode(company + reference, plusIsSpace: false, out var free) ? free : null;
            var digits = company + reference;
            if (digits.Length != Digits || digits.AsSpan().ContainsAnyExceptInRange('0', '9') || (IndicatorFirst && reference.Length == 0))
                return null;
            if (IndicatorFirst)
                digits = reference[0] + company + reference[1..];
            digits = Lead + digits;
            return digits + CheckDigit.Compute(digits);
        }

        private static bool Checked(string ai, string value) => ValueRules.Check(ApplicationIdentifiers.Find(ai)!, value) is null;
    }
}
