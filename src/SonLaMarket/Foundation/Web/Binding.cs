using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>Reads what people type: money as "35k", quantities with a comma, text in NFC without stray blanks.</summary>
public sealed class TypedBinder : IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context) => context.Metadata.UnderlyingOrModelType switch
    {
        var t when t == typeof(Vnd) => new Reader("Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k.", v => Vietnamese.ParseMoney(v) is { } amount ? new Vnd(amount) : null),
        var t when t == typeof(decimal) => new Reader("Hãy nhập một số, ví dụ 12,5.", v => Vietnamese.ParseQuantity(v)),
        var t when t == typeof(string) => new TextReader(),
        _ => null,
    };

    private sealed class Reader(string message, Func<string, object?> parse) : IModelBinder
    {
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
                context.ModelState.TryAddModelError(context.ModelName, context.HttpContext.RequestServices.GetRequiredService<Texts>()[message]);
            return Task.CompletedTask;
        }
    }

    /// <summary>Text is kept as typed in the form, and handed on in NFC. Line breaks stay.</summary>
    private sealed class TextReader : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext context)
        {
            var value = context.ValueProvider.GetValue(context.ModelName);
            if (value == ValueProviderResult.None)
                return Task.CompletedTask;
            context.ModelState.SetModelValue(context.ModelName, value);
            var secret = context.ModelMetadata.DataTypeName == "Password";
            var text = value.FirstValue ?? "";
            if (!secret)
                text = text.Replace("\0", "", StringComparison.Ordinal).Normalize(System.Text.NormalizationForm.FormC).Trim();
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
