namespace SonLaMarket.Catalog;

/// <summary>How long goods may be sent back: said by the room that sells, which takes them back.</summary>
public interface IReturnTerms
{
    /// <summary>In days from the delivery.</summary>
    ValueTask<int> DaysAsync(CancellationToken ct);
}
