using System.ComponentModel.DataAnnotations;

namespace SonLaMarket.Catalog.Offering;

/// <summary>What a page of the walk, or the one page for experts, sends: every text as typed.</summary>
public sealed record OfferForm
{
    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }

    public string? Photos { get; init; }

    public string? Speciality { get; init; }

    public string? Name { get; init; }

    public string? Category { get; init; }

    public string? Alcohol { get; init; }

    public string? HarvestedOn { get; init; }

    public string? Place { get; init; }

    public string? SaleUnit { get; init; }

    public string? Content { get; init; }

    public string? Quantity { get; init; }

    public string? Price { get; init; }

    public string[]? Months { get; init; }

    [DataType(DataType.MultilineText)]
    [StringLength(OfferText.LongestDescription, ErrorMessage = "Mô tả dài nhất 5.000 ký tự.")]
    public string? Description { get; init; }

    /// <summary>"Lưu, làm tiếp sau": nothing is checked yet.</summary>
    public bool Later { get; init; }

    /// <summary>A page of the way as it stands filled in: only what it asks.</summary>
    public static OfferForm Of(OfferText text, OfferStep step)
    {
        string? If(string field, string? value) => step.Fields.Contains(field) ? value ?? "" : null;
        return new OfferForm
        {
            Kept = step == OfferSteps.Photo ? text.Pictures ?? [] : null,
            Speciality = If(nameof(Speciality), text.Speciality),
            Name = If(nameof(Name), text.Name),
            Category = If(nameof(Category), text.Category),
            Price = If(nameof(Price), text.Price),
            Months = step.Fields.Contains(nameof(Months)) ? [.. (text.Months ?? []).Select(m => m.ToString(System.Globalization.CultureInfo.InvariantCulture))] : null,
            Description = If(nameof(Description), text.Description),
        };
    }

    /// <summary>What these pages ask, and only that: a field that was left empty is said to be empty.</summary>
    public OfferText Said(params OfferStep[] steps)
    {
        var asked = steps.SelectMany(s => s.Fields).ToHashSet(StringComparer.Ordinal);
        string? Of(string field, string? typed) => !asked.Contains(field) ? null : typed is null ? "" : typed;
        return new OfferText
        {
            Speciality = Of(nameof(Speciality), Speciality),
            Name = Of(nameof(Name), Name),
            Category = Of(nameof(Category), Category),
            Alcohol = Of(nameof(Alcohol), Alcohol),
            HarvestedOn = Of(nameof(HarvestedOn), HarvestedOn),
            Place = Of(nameof(Place), Place),
            SaleUnit = Of(nameof(SaleUnit), SaleUnit),
            Content = Of(nameof(Content), Content),
            Quantity = Of(nameof(Quantity), Quantity),
            Price = Of(nameof(Price), Price),
            Months = asked.Contains(nameof(Months)) ? [.. (Months ?? []).Select(m => int.TryParse(m, out var month) ? month : 0).Where(m => m is >= 1 and <= 12).Distinct().Order()] : null,
            Description = Of(nameof(Description), Description),
        };
    }
}
