namespace SonLaMarket.Home.Demonstration;

/// <summary>The clock that samples are made by: moved by hand through the months before the day of loading.</summary>
public sealed class SampleClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public void MoveTo(DateTimeOffset instant) => now = instant;
}
