namespace SonLaMarket.Foundation;

/// <summary>A weight that somebody typed: "12,5", "2 tạ rưỡi", "800 g" (see Vietnamese.ParseWeight).</summary>
/// <param name="Value">Kilograms.</param>
/// <param name="UnitTyped">A unit was typed, so it is a weight and not a count of pieces.</param>
public readonly record struct Kilograms(decimal Value, bool UnitTyped = false)
{
    public long Grams => (long)Math.Round(Value * 1000);
}
