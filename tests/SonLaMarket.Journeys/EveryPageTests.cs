using SonLaMarket.Journeys.Support;

namespace SonLaMarket.Journeys;

/// <summary>Every page of the permission matrix, in both languages, and every form that was refused, as Chromium shows them.</summary>
public sealed class EveryPageTests(PageVisits visits) : IClassFixture<PageVisits>
{
    [Fact]
    public void Every_page_is_valid_html() => Nothing(Fault.Html);

    [Fact]
    public void Axe_finds_nothing_by_day_or_in_the_dark() => Nothing(Fault.Axe);

    [Fact]
    public void Nothing_scrolls_sideways_on_a_small_phone_zoomed_to_400_percent_or_with_letters_of_200_percent() => Nothing(Fault.Sideways);

    [Fact]
    public void The_console_stays_silent_and_the_policy_is_kept() => Nothing(Fault.Console);

    [Fact]
    public void Nothing_moves_while_a_page_loads() => Nothing(Fault.Shift);

    [Fact]
    public void The_focus_is_seen_wherever_the_keyboard_goes() => Nothing(Fault.Focus);

    private void Nothing(string kind)
    {
        Assert.True(visits is { Pages: > 100, RefusedForms: > 30 }, $"only {visits.Pages} pages and {visits.RefusedForms} refused forms were looked at");
        var faults = visits.Of(kind).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
