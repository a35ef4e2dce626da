using SonLaMarket.Tests.Support;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace SonLaMarket.Tests.Support;

/// <summary>What takes longest begins first, so that the end of a run has more than one thing to do. With a browser or without.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        "EveryPageTests", "FirstListingTests", "AccessibilityTests", "KillTests", "FromFieldToDeliveryTests",
        "BusyTests", "HostileFormsTests", "SentTwiceTests", "PermissionMatrixTests", "KeepingTests", "SearchMeasureTests",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(c => Array.FindIndex(Long, l => c.TestCollectionDisplayName.Contains("." + l, StringComparison.Ordinal)) is >= 0 and var at ? at : Long.Length)];
}
