using System.Text.Json;

namespace Vnpay.Tests;

/// <summary>The published vectors, read once.</summary>
internal static class Vectors
{
    private static readonly JsonElement[] All =
    [
        .. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vnpay-vectors.json")))
            .RootElement.GetProperty("vectors").EnumerateArray(),
    ];

    public static TheoryData<string> Ids(params string[] kinds)
    {
        var ids = All.Where(vector => kinds.Contains(Text(vector, "kind"))).Select(vector => Text(vector, "id")).ToArray();
        // A kind that is not in the file would otherwise be a theory that tests nothing.
        Assert.NotEmpty(ids);
        return [.. ids];
    }

    public static JsonElement Get(string id) => All.Single(vector => Text(vector, "id") == id);

    public static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static Dictionary<string, string> Fields(JsonElement element) =>
        element.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString()!);
}
