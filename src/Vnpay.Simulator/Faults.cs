namespace Vnpay.Simulator;

/// <summary>What goes wrong with the notifications of payments that end from now on.</summary>
internal sealed record Faults(string Ipn, int DelayMs)
{
    public static readonly Faults None = new("none", 0);

    /// <summary>
    /// none; lost: no call is ever made; double: the first call goes out twice at the same instant; late: the first call waits
    /// delayMs; tampered: every call carries, in turn, another amount or another hash.
    /// </summary>
    public static readonly string[] Kinds = ["none", "lost", "double", "late", "tampered"];

    public bool IsValid => Kinds.Contains(Ipn) && DelayMs is >= 0 and <= 86_400_000;
}
