namespace SonLaMarket.Payments;

/// <summary>
/// Where nobody answers several times in a row, nobody is asked for some seconds: what waits for an answer holds up other work. After that
/// time everybody may try again, and one failure more closes the way again.
/// </summary>
public sealed class Breaker(TimeProvider clock)
{
    public const int Failures = 4;

    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private int failures;
    private long until;

    /// <summary>Nobody is to be asked now.</summary>
    public bool IsOpen => Volatile.Read(ref failures) >= Failures && clock.GetUtcNow().UtcTicks < Volatile.Read(ref until);

    public void Failed()
    {
        if (Interlocked.Increment(ref failures) >= Failures)
            Volatile.Write(ref until, (clock.GetUtcNow() + Rest).UtcTicks);
    }

    public void Answered() => Volatile.Write(ref failures, 0);
}
