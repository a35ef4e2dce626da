using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests;

/// <summary>docs/vnpay-vectors.md has every vector and says what is true: of ours in every run, of npm's packages in the long one.</summary>
public sealed class VectorTableTests
{
    private static readonly string[] Kinds = ["pay_url", "callback", "querydr_request", "querydr_response", "refund_request", "refund_response", "vietqr"];
    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
    private static readonly string Document = Path.Combine(Root, "docs", "vnpay-vectors.md");

    private static bool Long => Environment.GetEnvironmentVariable("SONLAMARKET_LONG") == "1";

    [Fact]
    public void Table_has_every_vector_with_our_true_result()
    {
        var rows = File.ReadAllLines(Document).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length == 7 && Kinds.Contains(cells[2])).ToDictionary(cells => cells[1], cells => cells[4]);
        Assert.Equal(Every().Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(row.Value, Ours(Get(row.Key))));
    }

    /// <summary>SONLAMARKET_WRITE_VECTORS=1 writes the table anew. The packages are fetched by ./dev test --long; nothing else needs them.</summary>
    [Fact]
    public async Task Table_says_of_npm_what_its_packages_answer()
    {
        var write = Environment.GetEnvironmentVariable("SONLAMARKET_WRITE_VECTORS") == "1";
        if (!Long && !write)
            return;
        var text = Table(await NpmAsync());
        if (write)
            await File.WriteAllTextAsync(Document, text, TestContext.Current.CancellationToken);
        Assert.Equal(text, await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken));
    }

    private static string[] Every() => [.. Kinds.SelectMany(kind => Ids(kind).Select(row => row.Data))];

    private static string Ours(JsonElement vector) => Agrees(vector) ? "agrees" : "differs";

    private static bool Agrees(JsonElement vector)
    {
        var input = vector.GetProperty("input");
        var expected = vector.GetProperty("expected");
        switch (Text(vector, "kind"))
        {
            case "pay_url":
                return VnpaySignature.SignUrl(Text(vector, "baseUrl"), Fields(input).Select(f => KeyValuePair.Create(f.Key, (string?)f.Value)), Text(vector, "secret")) == Text(expected, "url");
            case "callback":
                return VnpayEventUtility.TryConstructEvent(Text(input, "rawQuery"), Text(vector, "secret"), out _) == expected.GetProperty("signatureValid").GetBoolean();
            case "vietqr":
                var fields = Fields(input);
                long? amount = fields.TryGetValue("amount", out var digits) ? long.Parse(digits, CultureInfo.InvariantCulture) : null;
                return VietQr.Build(new VietQrOptions { BankBin = fields["bankBin"], AccountNumber = fields["bankNumber"], Amount = amount, Purpose = fields.GetValueOrDefault("purpose") }) == Text(expected, "payload");
            case "querydr_request":
                return VnpaySignature.Compute(VnpaySignature.JoinFields(VnpayFieldOrder.QueryRequest, Fields(input)), Text(vector, "secret")) == Text(expected, "secureHash");
            case "refund_request":
                return VnpaySignature.Compute(VnpaySignature.JoinFields(VnpayFieldOrder.RefundRequest, Fields(input)), Text(vector, "secret")) == Text(expected, "secureHash");
            default:
                var body = Fields(input.GetProperty("body"));
                var order = Text(vector, "kind") == "querydr_response" ? VnpayFieldOrder.QueryResponse : VnpayFieldOrder.RefundResponse;
                return VnpaySignature.Verify(VnpaySignature.JoinFields(order, body), body["vnp_SecureHash"], Text(vector, "secret")) == expected.GetProperty("signatureValid").GetBoolean();
        }
    }

    private static async Task<Dictionary<string, string>> NpmAsync()
    {
        var folder = Path.Combine(Root, "tests", "Vnpay.Net.Tests", "Compare");
        using var node = Process.Start(new ProcessStartInfo("node", ["compare.mjs"]) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, $"compare.mjs failed: are its packages there? Run npm ci --ignore-scripts in {folder}");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(said)!;
    }

    private static string Table(Dictionary<string, string> npm)
    {
        var text = new StringBuilder("""
            # The shared VNPAY vectors: ours beside npm `vnpay`

            Every vector of `tests/Vnpay.Net.Tests/vnpay-vectors.json`, judged by `Vnpay.Net` and by npm `vnpay` 2.5.0 (for VietQR npm
            `vietnam-qr-pay` 1.5.1). `VectorTableTests` computes the column of `Vnpay.Net` in every run, that of npm with `./dev test --long`.
            "agrees" means: the same address, hash, verdict or payload as the vector's.

            | Vector | Kind | What it tries | Vnpay.Net | npm |
            |---|---|---|---|---|

            """);
        foreach (var vector in Every().Select(Get))
            text.Append(CultureInfo.InvariantCulture, $"| {Text(vector, "id")} | {Text(vector, "kind")} | {Text(vector, "description").Split('.', ';')[0].Replace('|', '/').Trim()} | {Ours(vector)} | {npm[Text(vector, "id")]} |\n");
        text.Append("""

            `vnpay` divides the amount of a refund's answer by 100 before it computes the hash, so that VNPAY's own answer looks unverified to it.
            `Vnpay.Net` verifies what was received.

            """);
        return text.ToString();
    }
}
