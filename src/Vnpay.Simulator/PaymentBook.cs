using System.Text;
using System.Text.Json;

namespace Vnpay.Simulator;

/// <summary>
/// All payments of this simulator. Each change appends the whole payment as one line to the state file, and the last line of a
/// payment counts: a killed process loses nothing that anybody was told.
/// </summary>
internal sealed class PaymentBook : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string TmnCode, string TxnRef), Payment> payments = [];
    private readonly FileStream? file;
    private long lastTransactionNo;

    public PaymentBook(string? stateFile, DateTimeOffset now)
    {
        // Eight digits that go on rising after a restart without a state file.
        lastTransactionNo = 10_000_000 + (now.ToUnixTimeSeconds() % 80_000_000);
        if (stateFile is null) return;
        file = new FileStream(stateFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Read(file);
    }

    public IReadOnlyList<Payment> All()
    {
        lock (gate) return [.. payments.Values.OrderBy(payment => payment.OpenedAt)];
    }

    public Payment? Find((string TmnCode, string TxnRef) key)
    {
        lock (gate) return payments.GetValueOrDefault(key);
    }

    public Payment? ByToken(string? token)
    {
        lock (gate) return payments.Values.FirstOrDefault(payment => payment.Token == token);
    }

    /// <summary>The newest with this reference, of whatever terminal.</summary>
    public Payment? ByTxnRef(string? txnRef)
    {
        lock (gate) return payments.Values.Where(payment => payment.TxnRef == txnRef).MaxBy(payment => payment.OpenedAt);
    }

    public Payment? ByRefund(string? transactionNo)
    {
        lock (gate) return payments.Values.FirstOrDefault(payment => payment.Refunds.Any(refund => refund.TransactionNo == transactionNo));
    }

    /// <summary>Adds it; or gives what is already there under the same terminal and reference.</summary>
    public Payment Open(Payment payment)
    {
        lock (gate)
        {
            if (payments.TryGetValue(payment.Key, out var known)) return known;
            Keep(payment);
            return payment;
        }
    }

    /// <summary>The changed payment; null when <paramref name="change"/> gave null, that is: no longer possible.</summary>
    public Payment? Change((string TmnCode, string TxnRef) key, Func<Payment, Payment?> change)
    {
        lock (gate)
        {
            if (!payments.TryGetValue(key, out var payment) || change(payment) is not { } changed) return null;
            Keep(changed);
            return changed;
        }
    }

    public string NextTransactionNo() => Interlocked.Increment(ref lastTransactionNo).ToString();

    public void Dispose() => file?.Dispose();

    private void Keep(Payment payment)
    {
        payments[payment.Key] = payment;
        if (file is null) return;
        file.Write(JsonSerializer.SerializeToUtf8Bytes(payment, JsonSerializerOptions.Web));
        file.Write("\n"u8);
        file.Flush();
    }

    private void Read(FileStream stream)
    {
        using (var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true))
        {
            while (reader.ReadLine() is { } line)
            {
                if (TryRead(line) is not { } payment) continue;
                payments[payment.Key] = payment;
                foreach (var given in payment.Refunds.Select(refund => refund.TransactionNo).Append(payment.Outcome?.TransactionNo))
                {
                    if (long.TryParse(given, out var number)) lastTransactionNo = Math.Max(lastTransactionNo, number);
                }
            }
        }
        // A line cut off by a kill must not swallow the next one.
        if (stream.Length > 0)
        {
            stream.Seek(-1, SeekOrigin.End);
            if (stream.ReadByte() != '\n') stream.Write("\n"u8);
        }
    }

    private static Payment? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Payment>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
