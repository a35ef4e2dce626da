using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation;

/// <summary>An amount of money in whole đồng (ISO 4217 VND, no decimals). Arithmetic is checked.</summary>
public readonly record struct Vnd(long Amount) : IComparable<Vnd>
{
    public static readonly Vnd Zero;

    public static Vnd operator +(Vnd left, Vnd right) => new(checked(left.Amount + right.Amount));

    public static Vnd operator -(Vnd left, Vnd right) => new(checked(left.Amount - right.Amount));

    public static Vnd operator *(Vnd price, long quantity) => new(checked(price.Amount * quantity));

    public static bool operator <(Vnd left, Vnd right) => left.Amount < right.Amount;

    public static bool operator >(Vnd left, Vnd right) => left.Amount > right.Amount;

    public static bool operator <=(Vnd left, Vnd right) => left.Amount <= right.Amount;

    public static bool operator >=(Vnd left, Vnd right) => left.Amount >= right.Amount;

    public int CompareTo(Vnd other) => Amount.CompareTo(other.Amount);

    /// <summary>"35.000 ₫" with a no-break space, as written in Vietnam.</summary>
    public override string ToString() => Vietnamese.Money(Amount);
}
