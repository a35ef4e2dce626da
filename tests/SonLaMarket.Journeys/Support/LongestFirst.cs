using SonLaMarket.Journeys.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace SonLaMarket.Journeys.Support;

/// <summary>What takes longest begins first, so that the end of a run has two things to do.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(EveryPageTests), nameof(FirstListingTests), nameof(KillTests), nameof(FromFieldToDeliveryTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(c => Array.FindIndex(Long, l => c.TestCollectionDisplayName.Contains("." + l, StringComparison.Ordinal)) is >= 0 and var at ? at : Long.Length)];
}
