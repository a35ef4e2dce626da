using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using SonLaMarket.Tests.Walks;

namespace SonLaMarket.Journeys.Support;

/// <summary>What was wrong with a page, and of which kind.</summary>
public sealed record Fault(string Kind, string Text)
{
    public const string Html = "html", Axe = "axe", Console = "console", Sideways = "sideways", Shift = "shift", Focus = "focus";
}

/// <summary>
/// Opens every page that the permission matrix knows, in both languages, and every form of it refused, as answered to somebody who may: a page that is new is looked at without a
/// word here. Chromium comes in by a <see cref="Doorway"/> and keeps the style sheets, scripts and fonts, as people's browsers do. The long form asks every rule of axe of every page and
/// every refused form in both languages, by day and in the dark, on a phone and on a desk; the short one leaves out what is the same there.
/// </summary>
public sealed partial class PageVisits(PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    private const int Together = 3;
    private const double MostShift = 0.02;
    private const string RefusedMark = "?refused=";

    /// <summary>One page of each kind of person: what stands around the middle is looked at by day and in the dark.</summary>
    private static readonly string[] Framed = ["/", "/tai-khoan", "/quan-ly", "/so-cong-thuong", "/quan-tri"];

    /// <summary>What moves only where there is room: looked at on a desk, too.</summary>
    private static readonly string[] Wide = [.. Framed, "/san-pham", "/dang-nhap"];

    private static readonly string[] Colours = ["color-contrast", "link-in-text-block"];

    /// <summary>The rules that a word that is missing, or said in another language, breaks.</summary>
    private static readonly string[] Words =
    [
        "aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-toggle-field-name", "button-name", "document-title", "empty-heading", "empty-table-header", "html-has-lang", "html-lang-valid", "image-alt",
        "input-button-name", "input-image-alt", "label", "landmark-unique", "link-name", "region", "select-name", "summary-name", "svg-img-alt", "valid-lang",
    ];

    /// <summary>1280 px at 200 % with letters of 200 % and without; 1280 px at 400 % and a small phone; letters alone at 200 % (WCAG 2.2, 1.4.10 and 1.4.4). Each page ends as wide as the next begins.</summary>
    private static readonly (int Width, int[] Letters)[] Sizes = [(640, [100, 200]), (320, [100]), (360, [200])];

    private static readonly Dictionary<string, string> RoleOfArea = new(StringComparer.Ordinal) { ["quan-ly"] = Roles.Seller, ["tai-khoan"] = Roles.Seller, ["so-cong-thuong"] = Roles.Officer, ["quan-tri"] = Roles.Operator };

    private const string Watch = """
        localStorage.clear(); // What was typed on another page is offered on this one, and moves it.
        window.seen = { shift: 0, moved: [], broken: [] };
        new PerformanceObserver(list => {
          for (const e of list.getEntries().filter(e => !e.hadRecentInput)) {
            seen.shift += e.value;
            for (const { node, previousRect: a, currentRect: b } of e.sources)
              seen.moved.push(`${node?.nodeName ?? "?"}.${node?.className ?? ""} from ${a.y | 0} (${a.width | 0}×${a.height | 0}) to ${b.y | 0} (${b.width | 0}×${b.height | 0})`);
          }
        }).observe({ type: "layout-shift", buffered: true });
        document.addEventListener("securitypolicyviolation", e => seen.broken.push(`${e.violatedDirective} ${e.blockedURI}`));
        """;

    /// <summary>Every stop of the Tab key, without pressing it each time: after one press the browser shows the focus that a script moves, too.</summary>
    private const string Walk = $$"""
        () => {
          const unseen = {{Keyboard.Unseen}};
          const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(e => !e.disabled && e.tabIndex >= 0 && e.type !== "hidden" && e.checkVisibility({ visibilityProperty: true }));
          return stops.map(e => { e.focus(); return document.activeElement === e ? unseen(e) : `<${e.localName} class="${e.className}" name="${e.name ?? ""}">: takes no focus`; }).filter(x => x);
        }
        """;

    /// <summary>Scrolls through the page, so that what loads late has loaded, and tells what moved.</summary>
    private const string Settle = """
        async through => {
          await document.fonts.ready;
          for (let y = 0; through && y < document.body.scrollHeight; y += innerHeight) { scrollTo(0, y); await new Promise(requestAnimationFrame); }
          if (through) await Promise.all([...document.images].map(i => i.complete ? 0 : new Promise(r => i.onload = i.onerror = r)));
          scrollTo(0, 0);
          await new Promise(r => requestAnimationFrame(() => setTimeout(r, 50)));
          return seen;
        }
        """;

    /// <summary>
    /// For each size of letters: what makes the page wider than the screen (what has a scroller of its own does not), and where tables are tables, what moves sideways and takes no
    /// focus, nor has anything in it that does (WCAG 2.2, 2.1.1).
    /// </summary>
    private const string Sideways = """
        async ({ letters, tables }) => {
          const root = document.documentElement, found = [], tell = e => `<${e.localName} class="${e.className}"> ${(e.textContent ?? "").trim().slice(0, 30)}`;
          const scrolled = e => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || scrolled(e.parentElement));
          for (const size of letters) {
            root.style.fontSize = size + "%";
            if (root.scrollWidth > root.clientWidth) {
              const beyond = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1);
              const free = beyond.filter(e => !scrolled(e.parentElement)), wide = free.length > 0 ? free : beyond;
              found.push({ letters: size, wide: wide.filter(e => !wide.some(w => w !== e && e.contains(w))).slice(0, 3).map(tell).join(" | ") });
            }
            if (tables) {
              await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
              const e = [...document.body.querySelectorAll("section, div, ul, pre, nav")].find(e => e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.tabIndex < 0 && !e.querySelector("a[href], button, input, select, textarea, summary, [tabindex='0']"));
              if (e) found.push({ letters: size, stuck: tell(e) });
            }
          }
          return found;
        }
        """;

    /// <summary>Where each page is photographed, 360 and 1280 px wide, for people to look at.</summary>
    private static readonly string? Album = Environment.GetEnvironmentVariable("SONLAMARKET_PICTURES") is { Length: > 0 } folder ? Directory.CreateDirectory(Path.Combine(folder, "pages")).FullName : null;

    private readonly MarketFixture market = new(postgres);
    private readonly ConcurrentQueue<Fault> faults = new();
    private readonly ConcurrentDictionary<string, string> pages = new(StringComparer.Ordinal);
    private Doorway doorway = null!;
    private IBrowserContext context = null!;

    public int Pages => pages.Count;

    /// <summary>How many forms refused to be sent empty.</summary>
    public int RefusedForms { get; private set; }

    public IEnumerable<string> Of(string kind) => faults.Where(f => f.Kind == kind).Select(f => f.Text).Order(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        await market.InitializeAsync();
        doorway = await Doorway.OpenAsync(market.Site);
        context = await chromium.ContextAsync(doorway.Url);
        await context.AddInitScriptAsync(Watch);
        var guest = market.Site.Open();
        var owner = await market.Shop.SellerAsync();
        var people = new Dictionary<string, Browser>(StringComparer.Ordinal)
        {
            [Roles.Seller] = await market.SignInAsync(owner),
            [Roles.Officer] = (await market.SignInAsync(Roles.Officer)).Browser,
            [Roles.Operator] = (await market.SignInAsync(Roles.Operator)).Browser,
        };
        var cases = new MatrixCases(market, owner);
        var waiting = new ConcurrentQueue<string>();
        foreach (var route in cases.Routes.Where(r => r.StartsWith("GET ", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var asked = await cases.MakeAsync(route);
            var who = asked.As ?? (RoleOfArea.TryGetValue(route[4..].Split('/')[0], out var role) ? people[role] : guest);
            foreach (var path in (string[])[asked.Path, "/en" + (asked.Path == "/" ? "" : asked.Path)])
            {
                if (await LoadsAsync(path, who))
                    waiting.Enqueue(path);
            }
        }
        await VisitAllAsync(waiting);
        // What is sent may end a session or a thing that a page shows: after the pages.
        foreach (var route in cases.Forms.Order(StringComparer.Ordinal))
        {
            var asked = await cases.MakeAsync(route);
            var who = asked.As ?? (RoleOfArea.TryGetValue(route[5..].Split('/')[0], out var role) && !route.StartsWith("POST tai-khoan", StringComparison.Ordinal) ? people[role] : await market.SignInAsync(owner));
            if (await RefusedAsync(asked, who) is not { } refused)
                continue;
            waiting.Enqueue(refused);
            // Refused, it has changed nothing: it is there to be sent once more.
            if (Seeds.Long && await RefusedAsync(asked with { Path = "/en" + asked.Path, FormOn = asked.FormOn is { } on ? "/en" + on : null }, who) is { } inEnglish)
                waiting.Enqueue(inEnglish);
        }
        await VisitAllAsync(waiting);
        foreach (var finding in await NodeProgram.OfPagesAsync(pages.Select(p => (p.Key, p.Value))))
            faults.Enqueue(new(Fault.Html, finding));
    }

    private Task VisitAllAsync(ConcurrentQueue<string> waiting) => Task.WhenAll(Enumerable.Range(0, Together).Select(_ => Task.Run(async () =>
    {
        var path = "";
        var page = await context.NewPageAsync();
        page.Console += (_, m) =>
        {
            if (m.Type is "error" or "warning" && !ExpectedStatus().IsMatch(m.Text))
                faults.Enqueue(new(Fault.Console, $"{path}: {m.Text}"));
        };
        page.PageError += (_, e) => faults.Enqueue(new(Fault.Console, $"{path}: {e}"));
        await page.SetViewportSizeAsync(360, 740);
        // A new tab costs as much as looking at a page. Each page begins in the colours and the width that the last one ended in.
        for (var dark = false; waiting.TryDequeue(out path);)
        {
            await page.GotoAsync(path);
            dark = await LookAsync(page, path, dark);
        }
        await page.CloseAsync();
    })));

    /// <summary>The page that refuses the form sent empty; null where there is none.</summary>
    private async Task<string?> RefusedAsync(Case asked, Browser who)
    {
        var form = await asked.FormAsync(who);
        var fields = (form is null ? asked.Fields! : Browser.Fields(form)).ToDictionary(f => f.Key, f => f.Key.StartsWith('_') ? f.Value : "", StringComparer.Ordinal);
        if (!fields.ContainsKey("__RequestVerificationToken") && await who.TokenAsync() is { } token)
            fields["__RequestVerificationToken"] = token;
        var answer = await asked.PostAsync(who, fields, form?.Enctype == "multipart/form-data");
        if (answer.Status != HttpStatusCode.UnprocessableEntity)
            return null;
        RefusedForms++;
        var path = $"{answer.Path}{RefusedMark}{RefusedForms}";
        Keep(path, answer, who);
        return path;
    }

    /// <summary>Whether it is a page; what it says is kept for the validator.</summary>
    private async Task<bool> LoadsAsync(string path, Browser who)
    {
        var answer = await FollowAsync(who, path);
        if (answer.Message.Content.Headers.ContentType?.MediaType != "text/html")
            return false;
        Keep(path, answer, who);
        return true;
    }

    private void Keep(string path, Answer answer, Browser who)
    {
        doorway.Show(path, answer, who);
        pages[path] = answer.Body;
    }

    /// <returns>Whether the page was left in the dark.</returns>
    private async Task<bool> LookAsync(IPage page, string path, bool dark)
    {
        // In the other language only words differ, and how long they are; a page that refuses differs from the one that asks in what is in the middle.
        var words = path == "/en" || path.StartsWith("/en/", StringComparison.Ordinal);
        var middle = path.Contains(RefusedMark, StringComparison.Ordinal) ? "main" : null;
        var seen = await page.EvaluateAsync<Seen>(Settle, !words);
        if (seen.Shift > MostShift)
        {
            // On a busy machine a font may come a moment after the first frame. What moves by itself moves every time.
            await page.ReloadAsync();
            seen = await page.EvaluateAsync<Seen>(Settle, !words);
        }
        if (Album is not null)
            await PhotographAsync(page, path, dark);
        if (seen.Shift > MostShift)
            faults.Enqueue(new(Fault.Shift, $"{path}: {seen.Shift:N3}: {string.Join("; ", seen.Moved.Take(4))}"));
        foreach (var broken in seen.Broken)
            faults.Enqueue(new(Fault.Console, $"{path}: the policy refused {broken}"));
        foreach (var finding in await page.FindingsAsync(Doorway.AxeAddress, middle, words ? Words : []))
            faults.Enqueue(new(Fault.Axe, $"{path}{(dark ? ", dark" : "")}: {finding}"));
        if (!words)
        {
            await page.Keyboard.PressAsync("Tab");
            foreach (var finding in await page.EvaluateAsync<string[]>(Walk))
                faults.Enqueue(new(Fault.Focus, $"{path}: {finding}"));
            // Only colours differ between day and dark; what stands around the middle is the same on every page of a person.
            dark = !dark;
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            foreach (var finding in await page.FindingsAsync(Doorway.AxeAddress, Framed.Contains(path) ? null : "main", Colours))
                faults.Enqueue(new(Fault.Axe, $"{path}{(dark ? ", dark" : "")}: {finding}"));
        }
        if (Seeds.Long)
            await AskEveryRuleAsync(page, path, dark);
        if (Wide.Contains(path))
        {
            await page.SetViewportSizeAsync(1280, 740);
            await page.ReloadAsync();
            var desk = await page.EvaluateAsync<Seen>(Settle, true);
            if (desk.Shift > MostShift)
                faults.Enqueue(new(Fault.Shift, $"{path} at 1280 px: {desk.Shift:N3}: {string.Join("; ", desk.Moved.Take(4))}"));
        }
        foreach (var (width, letters) in words ? Sizes[1..] : Sizes)
        {
            if (page.ViewportSize?.Width != width)
                await page.SetViewportSizeAsync(width, 740);
            // Tables are tables from 640 px on, and cards below.
            foreach (var found in await page.EvaluateAsync<Beyond[]>(Sideways, new { letters, tables = width == 640 }))
            {
                if (found.Wide is { } wide)
                    faults.Enqueue(new(Fault.Sideways, $"{path}: scrolls sideways at {width} px, letters {found.Letters} %: {wide}"));
                if (found.Stuck is { } stuck)
                    faults.Enqueue(new(Fault.Focus, $"{path} at {width} px, letters {found.Letters} %: no key moves {stuck}"));
            }
        }
        return dark;
    }

    /// <summary>The page ends in the colours that it began in.</summary>
    private async Task AskEveryRuleAsync(IPage page, string path, bool dark)
    {
        foreach (var (width, night) in ((int, bool)[])[(360, dark), (360, !dark), (1280, !dark), (1280, dark)])
        {
            await page.SetViewportSizeAsync(width, 740);
            await page.EmulateMediaAsync(new() { ColorScheme = night ? ColorScheme.Dark : ColorScheme.Light });
            foreach (var finding in await page.FindingsAsync(Doorway.AxeAddress))
                faults.Enqueue(new(Fault.Axe, $"{path} at {width} px{(night ? ", dark" : "")}: {finding}"));
        }
    }

    /// <summary>By day, on a phone and on a desk.</summary>
    private static async Task PhotographAsync(IPage page, string path, bool dark)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        var name = Unnamed().Replace(path, "_").Trim('_');
        foreach (var width in (int[])[1280, 360])
        {
            await page.SetViewportSizeAsync(width, 740);
            await page.ScreenshotAsync(new() { FullPage = true, Type = ScreenshotType.Jpeg, Quality = 60, Path = Path.Combine(Album!, $"{(name.Length == 0 ? "trang-dau" : name[..Math.Min(name.Length, 120)])}-{width}.jpg") });
        }
        await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
    }

    private static async Task<Answer> FollowAsync(Browser who, string path)
    {
        var answer = await who.GetAsync(path, ("Accept", "text/html"));
        for (var i = 0; i < 4 && answer.Location is { } location && location.StartsWith('/'); i++)
            answer = await who.GetAsync(location, ("Accept", "text/html"));
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await context.CloseAsync();
        await doorway.DisposeAsync();
        await market.DisposeAsync();
    }

    private sealed class Beyond
    {
        public int Letters { get; set; }

        public string? Wide { get; set; }

        public string? Stuck { get; set; }
    }

    private sealed class Seen
    {
        public double Shift { get; set; }

        public string[] Moved { get; set; } = [];

        public string[] Broken { get; set; } = [];
    }

    [GeneratedRegex("[^a-zA-Z0-9-]+", RegexOptions.None, 1000)]
    private static partial Regex Unnamed();

    [GeneratedRegex("status of (4|5)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExpectedStatus();
}
