using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Producers;

/// <summary>Under which rules the code of a growing area was given, and for which markets.</summary>
public static class AreaScheme
{
    /// <summary>Given by the province for the home market (Decision 3156/QĐ-BNN-TT, 2022).</summary>
    public const string Domestic = "domestic";

    /// <summary>Bound to one crop and to markets abroad (TCCS 774:2020/BVTV).</summary>
    public const string Export = "export";

    public static readonly IReadOnlyList<(string Word, string Label)> All = [(Domestic, "Trong nước"), (Export, "Xuất khẩu")];

    /// <summary>Markets that ask for codes: ISO 3166-1, and EU.</summary>
    public static readonly IReadOnlyList<(string Word, string Label)> Markets =
        [("CN", "Trung Quốc"), ("US", "Hoa Kỳ"), ("AU", "Úc"), ("NZ", "New Zealand"), ("KR", "Hàn Quốc"), ("JP", "Nhật Bản"), ("EU", "Liên minh châu Âu")];

    /// <summary>"Xuất khẩu: Trung Quốc, Hoa Kỳ". Null where nobody said.</summary>
    public static string? Say(string? scheme, string[]? markets, Texts t) => All.FirstOrDefault(s => s.Word == scheme).Label is not { } label ? null
        : markets is { Length: > 0 } ? $"{t[label]}: {string.Join(", ", Markets.Where(m => markets.Contains(m.Word)).Select(m => t[m.Label]))}" : t[label];
}

/// <summary>What an officer found of a code. A code that was revoked stays so.</summary>
public static class AreaState
{
    public const string Active = "active";
    public const string Suspended = "suspended";
    public const string Revoked = "revoked";

    public static readonly IReadOnlyList<(string Word, string Label)> All = [(Active, "Có hiệu lực"), (Suspended, "Bị tạm ngừng"), (Revoked, "Bị thu hồi mã")];

    public static string Label(string state) => All.First(s => s.Word == state).Label;

    public static string Badge(string state, bool isChecked) => state != Active ? "bad" : isChecked ? "ok" : "info";
}
