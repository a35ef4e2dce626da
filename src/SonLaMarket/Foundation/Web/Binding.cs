using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>Reads what people type: money as "35k", quantities with a comma, weights with their unit, days in any usual writing, text without what nobody sees.</summary>
public sealed class TypedBinder(TimeProvider clock) : IModelBinderProvider
{
    /// <summary>The data type of a whole number of grams, for which another unit may be written.</summary>
    public const string Grams = "grams";

    /// <summary>The data type of a whole number of square metres, written in hectares or with another unit.</summary>
    public const string SquareMetres = "square metres";

    /// <summary>The data type of a number of days, behind which the word may be written.</summary>
    public const string Days = "days";

    /// <summary>The data type of rows as they are copied out of a spreadsheet or a file: nothing is cleaned, tabs stay.</summary>
    public const string Rows = "rows";

    public IModelBinder? GetBinder(ModelBinderProviderContext context) => context.Metadata.UnderlyingOrModelType switch
    {
        var t when t == typeof(Vnd) => new Reader("Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k.", v => Vietnamese.ParseMoney(v) is { } amount ? new Vnd(amount) : null),
        var t when t == typeof(decimal) => new Reader("Hãy nhập một số, ví dụ 12,5.", v => Vietnamese.ParseQuantity(v)),
        var t when t == typeof(long) && context.Metadata.DataTypeName == Grams => new Reader("Hãy nhập khối lượng, ví dụ 500 g hoặc 1,2 kg.", v => Vietnamese.ParseGrams(v)),
        var t when t == typeof(long) && context.Metadata.DataTypeName == SquareMetres => new Reader("Hãy nhập diện tích, ví dụ 1,5 ha hoặc 3 sào.", v => Measures.SquareMetres(v)),
        var t when t == typeof(int) && context.Metadata.DataTypeName == Days => new Reader("Hãy nhập số ngày, ví dụ 7.", v => Whole(Vietnamese.WithoutDays(v), t)),
        var t when t == typeof(int) || t == typeof(long) => new Reader("Hãy nhập một số nguyên, ví dụ 12.", v => Whole(v, t)),
        var t when t == typeof(Kilograms) => new Reader("Hãy nhập khối lượng, ví dụ 12,5 hoặc 2 tạ.", v => Vietnamese.ParseWeight(v) is { } weight ? new Kilograms(weight.Kilograms, weight.UnitTyped) : null),
        var t when t == typeof(DateOnly) => new Reader(Vietnamese.NoDate, v => Vietnamese.ParseDate(v, Vietnamese.Today(clock))),
        var t when t == typeof(string) => new TextReader(context.Metadata),
        _ => null,
    };

    private static object? Whole(string typed, Type type) => Vietnamese.ParseQuantity(typed) is { } number && number == decimal.Truncate(number) && number <= (type == typeof(int) ? int.MaxValue : long.MaxValue)
        ? type == typeof(int) ? (object)(int)number : (long)number
        : null;

    /// <param name="message">What to say of what cannot be read.</param>
    private sealed class Reader(Func<string, string> message, Func<string, object?> parse) : IModelBinder
    {
        public Reader(string message, Func<string, object?> parse) : this(_ => message, parse)
        {
        }

        public Task BindModelAsync(ModelBindingContext context)
        {
            var value = context.ValueProvider.GetValue(context.ModelName);
            if (value == ValueProviderResult.None)
                return Task.CompletedTask;
            context.ModelState.SetModelValue(context.ModelName, value);
            var text = value.FirstValue;
            if (string.IsNullOrWhiteSpace(text))
            {
                if (context.ModelMetadata.IsReferenceOrNullableType)
                    context.Result = ModelBindingResult.Success(null);
                return Task.CompletedTask;
            }
            if (parse(text) is { } parsed)
                context.Result = ModelBindingResult.Success(parsed);
            else
                context.ModelState.TryAddModelError(context.ModelName, context.HttpContext.RequestServices.GetRequiredService<Texts>()[message(text)]);
            return Task.CompletedTask;
        }
    }

    /// <summary>Text stays as typed in the form and is handed on clean: one line, or several where the property says MultilineText. Passwords and rows are not touched.</summary>
    private sealed class TextReader(ModelMetadata metadata) : IModelBinder
    {
        /// <summary>In characters, where the property sets no limit of its own.</summary>
        private const int Most = 2000;

        private readonly bool untouched = metadata.DataTypeName is nameof(DataType.Password) or Rows;
        private readonly bool lines = metadata.DataTypeName == nameof(DataType.MultilineText);
        private readonly bool limited = metadata.ValidatorMetadata.Any(v => v is StringLengthAttribute or MaxLengthAttribute);

        public Task BindModelAsync(ModelBindingContext context)
        {
            var value = context.ValueProvider.GetValue(context.ModelName);
            if (value == ValueProviderResult.None)
                return Task.CompletedTask;
            context.ModelState.SetModelValue(context.ModelName, value);
            var typed = value.FirstValue ?? "";
            var text = untouched ? typed : lines ? Vietnamese.CleanLines(typed) : Vietnamese.Clean(typed);
            if (!limited && text.Length > Most)
                context.ModelState.TryAddModelError(context.ModelName, context.HttpContext.RequestServices.GetRequiredService<Texts>()["Mục này dài nhất {0} ký tự; bạn đã gõ {1}.", Vietnamese.Number(Most), Vietnamese.Number(text.Length)]);
            else
                context.Result = ModelBindingResult.Success(text.Length == 0 ? null : text);
            return Task.CompletedTask;
        }
    }
}

/// <summary>The framework's own messages in Vietnamese (the reader's language where the request is English).</summary>
public static class BindingMessages
{
    public static void Set(DefaultModelBindingMessageProvider messages, Func<string, string> t)
    {
        messages.SetValueMustNotBeNullAccessor(_ => t("Hãy điền mục này."));
        messages.SetMissingBindRequiredValueAccessor(_ => t("Hãy điền mục này."));
        messages.SetMissingKeyOrValueAccessor(() => t("Hãy điền mục này."));
        messages.SetAttemptedValueIsInvalidAccessor((_, _) => t("Giá trị này không đúng dạng."));
        messages.SetUnknownValueIsInvalidAccessor(_ => t("Giá trị này không đúng dạng."));
        messages.SetValueIsInvalidAccessor(_ => t("Giá trị này không đúng dạng."));
        messages.SetValueMustBeANumberAccessor(_ => t("Hãy nhập một số."));
        messages.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => t("Giá trị này không đúng dạng."));
        messages.SetNonPropertyUnknownValueIsInvalidAccessor(() => t("Giá trị này không đúng dạng."));
        messages.SetNonPropertyValueMustBeANumberAccessor(() => t("Hãy nhập một số."));
    }
}
