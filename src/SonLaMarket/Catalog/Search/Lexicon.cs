using Dapper;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Search;

/// <summary>What a phrase says. Where several readings fit what was typed, the first of these counts.</summary>
public enum Meaning
{
    Goods,
    Place,

    /// <summary>A group of goods or a certificate: something that the records say.</summary>
    Fact,

    /// <summary>May be missing, such as a weight.</summary>
    Soft,

    /// <summary>Says nothing about goods.</summary>
    Noise,
}

/// <param name="Stands">The phrases it stands for, itself first.</param>
/// <param name="Records">For a place or fact, what the records hold: "commune:03646", "category:tea", "certificate:ocop-4".</param>
public sealed record Phrase(Meaning Meaning, List<List<Word>> Stands, List<string> Records)
{
    public List<Word> Words => Stands[0];
}

public sealed record KnownName(string Kind, string Value, string Name, string NameEn, int Listings)
{
    /// <summary>Of both names, cut once.</summary>
    public List<Word>[] Words { get; } = [Word.Of(Name), Word.Of(NameEn)];
}

public sealed record PresentPlace(string Code, string FullName, string NameEn, string? FormerDistrict)
{
    /// <summary>Of the name with and without "Xã" or "Phường", cut once.</summary>
    public List<Word>[] Words { get; } = [Word.Of(FullName), Word.Of(FullName[(FullName.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
}

public sealed record Group(string Slug, string? ParentSlug, string Name, string NameEn);

public sealed record Certified(string Code, string Name, string NameEn);

/// <param name="CommuneCode">The present unit it belongs to.</param>
public sealed record FormerPlace(string Name, string FullName, string FormerDistrict, string CommuneCode)
{
    /// <summary>Of both names, cut once.</summary>
    public List<Word>[] Words { get; } = [Word.Of(Name), Word.Of(FullName)];
}

public sealed record KnownSpeciality(string Slug, string Name, string NameEn, string CategorySlug, int[] HarvestMonths);

/// <summary>The words that searches are read with: everything that is known at one time. Never changes; a newer one takes its place.</summary>
public sealed class Lexicon
{
    private readonly Dictionary<string, List<Phrase>> phrases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Marked, int Listings)> words = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> neighbours = [];
    private readonly HashSet<string> goods = new(StringComparer.Ordinal);

    /// <summary>Words of the longest phrase.</summary>
    public int Longest { get; private set; } = 1;

    public required IReadOnlyList<KnownName> Names { get; init; }

    public required IReadOnlyDictionary<string, PresentPlace> Places { get; init; }

    public required IReadOnlyList<FormerPlace> FormerPlaces { get; init; }

    public required IReadOnlyList<KnownSpeciality> Specialities { get; init; }

    public required IReadOnlyList<Group> Groups { get; init; }

    public required IReadOnlyList<Certified> Certificates { get; init; }

    /// <summary>Public listings when it was made.</summary>
    public int Listings { get; private set; }

    public IEnumerable<KeyValuePair<string, (string Marked, int Listings)>> Words => words;

    /// <summary>Listings that have the commonest word.</summary>
    public int MostListings { get; private set; }

    public bool Knows(string folded) => words.ContainsKey(folded);

    /// <summary>Whether the word is part of a name of goods.</summary>
    public bool NamesGoods(string folded) => goods.Contains(folded);

    public string? Marked(string folded) => words.TryGetValue(folded, out var known) ? known.Marked : null;

    /// <summary>Whether the two stand beside each other in a known name.</summary>
    public bool Together(string one, string next) => neighbours.Contains((one, next));

    /// <summary>The phrase that these words are, if what was typed does not contradict its marks. Places of one folded name are one.</summary>
    public Phrase? Find(ReadOnlySpan<Word> typed)
    {
        if (!phrases.TryGetValue(Key(typed), out var known))
            return null;
        Phrase? best = null;
        foreach (var phrase in known)
        {
            var fits = true;
            for (var i = 0; i < typed.Length && fits; i++)
                fits = typed[i].Fits(phrase.Words[i]);
            if (!fits || best?.Meaning < phrase.Meaning)
                continue;
            best = best?.Meaning == phrase.Meaning ? best with { Stands = [.. best.Stands, .. phrase.Stands], Records = [.. best.Records, .. phrase.Records] } : phrase;
        }
        return best;
    }

    public static async Task<Lexicon> LoadAsync(Sql sql, CancellationToken ct)
    {
        const string select = """
            select word, marked, listings from catalog.known_word;
            select kind, value, name, name_en, listings from catalog.known_name;
            select kind, phrases, means from catalog.search_term order by id;
            select code, full_name, name_en, former_district from foundation.commune where province_code = '14';
            select name, full_name, former_district, commune_code from foundation.former_commune order by id;
            select slug, name, name_en, category_slug, harvest_months from producers.speciality where sale_online_allowed order by slug;
            select slug, parent_slug, name, name_en from producers.category order by sort;
            select code, name, name_en from producers.certificate_kind order by code
            """;
        return await sql.MultipleAsync(select, null, async g =>
        {
            var known = (await g.ReadAsync<(string Word, string Marked, int Listings)>()).AsList();
            var names = (await g.ReadAsync<KnownName>()).AsList();
            var terms = (await g.ReadAsync<SearchTerm>()).AsList();
            var places = (await g.ReadAsync<PresentPlace>()).AsList();
            var former = (await g.ReadAsync<FormerPlace>()).AsList();
            var specialities = (await g.ReadAsync<KnownSpeciality>()).AsList();
            var groups = (await g.ReadAsync<Group>()).AsList();
            var certificates = (await g.ReadAsync<Certified>()).AsList();
            var lexicon = new Lexicon
            {
                Names = names,
                Places = places.ToDictionary(p => p.Code, StringComparer.Ordinal),
                FormerPlaces = former,
                Specialities = specialities,
                Groups = groups,
                Certificates = certificates,
            };
            lexicon.Fill(known, terms);
            return lexicon;
        }, ct);
    }

    private void Fill(List<(string Word, string Marked, int Listings)> known, List<SearchTerm> terms)
    {
        Listings = Names.Where(n => n.Kind == "category").Sum(n => n.Listings);
        foreach (var (word, marked, listings) in known)
        {
            words[word] = (marked, listings);
            MostListings = Math.Max(MostListings, listings);
        }
        FillPlaces();
        foreach (var term in terms.Where(t => t.Kind is "soft" or "noise"))
        {
            foreach (var phrase in term.Phrases)
                Add(new(term.Kind == "soft" ? Meaning.Soft : Meaning.Noise, [Word.Of(phrase)], []));
        }
        FillFacts(terms.Where(t => t.Kind == "fact"));
        FillGoods(terms.Where(t => t.Kind is "same" or "also"));
        foreach (var name in Names.Where(n => n.Kind == "producer"))
            Neighbours(Word.Of(name.Name));
    }

    private void FillPlaces()
    {
        foreach (var place in Places.Values)
        {
            AddPlace(place.FullName, place.Code);
            AddPlace(Bare(place.FullName), place.Code);
        }
        foreach (var former in FormerPlaces)
        {
            AddPlace(former.FullName, former.CommuneCode);
            AddPlace(former.Name, former.CommuneCode);
        }
        foreach (var place in Places.Values.Where(p => p.FormerDistrict is not null))
            AddPlace(place.FormerDistrict!, place.Code);
    }

    private void AddPlace(string name, string commune)
    {
        var place = Word.Of(name);
        var record = "commune:" + commune;
        if (!phrases.TryGetValue(Key(place), out var known) || known.Find(p => p.Meaning == Meaning.Place && p.Words.SequenceEqual(place)) is not { } same)
            Add(new(Meaning.Place, [place], [record]));
        else if (!same.Records.Contains(record, StringComparer.Ordinal))
            same.Records.Add(record);
    }

    private void FillFacts(IEnumerable<SearchTerm> terms)
    {
        var named = Groups.Select(g => (Record: "category:" + g.Slug, g.Name, g.NameEn)).Concat(Certificates.Select(c => (Record: "certificate:" + c.Code, c.Name, c.NameEn))).ToList();
        foreach (var term in terms)
        {
            var stands = term.Phrases.Concat(named.Where(n => term.Means.Contains(n.Record, StringComparer.Ordinal)).Select(n => n.Name)).Select(p => Word.Of(p)).ToList();
            foreach (var phrase in term.Phrases)
                Add(new(Meaning.Fact, [Word.Of(phrase), .. stands], [.. term.Means.SelectMany(WithBelow)]));
        }
        foreach (var (record, name, nameEn) in named)
        {
            Add(new(Meaning.Fact, [Word.Of(name)], [.. WithBelow(record)]));
            Add(new(Meaning.Fact, [Word.Of(nameEn)], [.. WithBelow(record)]));
        }
    }

    private IEnumerable<string> WithBelow(string record) => Groups.Where(g => record == "category:" + g.ParentSlug).Select(g => "category:" + g.Slug).Prepend(record);

    /// <summary>Goods are known by their name without the place in it: "Xoài tròn Yên Châu" is "xoài tròn" and a place.</summary>
    private void FillGoods(IEnumerable<SearchTerm> terms)
    {
        foreach (var (kind, list, _) in terms)
        {
            var stands = list.Select(p => Word.Of(p)).Where(p => p.Count > 0).ToList();
            foreach (var phrase in kind == "same" ? stands : stands.Take(1))
                Add(new(Meaning.Goods, [phrase, .. stands.Where(s => s != phrase)], []));
        }
        foreach (var speciality in Specialities)
        {
            Neighbours(Word.Of(speciality.Name));
            var name = WithoutPlace(Word.Of(speciality.Name.Split('(')[0]));
            Add(new(Meaning.Goods, [name], []));
            Add(new(Meaning.Goods, [WithoutPlace(Word.Of(speciality.NameEn.Split('(')[0])), name], []));
        }
        foreach (var stand in phrases.Values.SelectMany(p => p).Where(p => p.Meaning == Meaning.Goods).SelectMany(p => p.Stands.Skip(1)).ToList())
            Add(new(Meaning.Goods, [stand], []));
    }

    private List<Word> WithoutPlace(List<Word> name)
    {
        for (var length = name.Count - 1; length >= 2; length--)
        {
            if (phrases.TryGetValue(Key(name.TakeLast(length)), out var last) && last.Exists(p => p.Meaning is Meaning.Place or Meaning.Soft))
                return WithoutPlace(name[..^length]);
            if (phrases.TryGetValue(Key(name.Take(length)), out var first) && first.Exists(p => p.Meaning is Meaning.Place or Meaning.Soft))
                return WithoutPlace(name[length..]);
        }
        return name;
    }

    private void Add(Phrase phrase)
    {
        var key = Key(phrase.Words);
        if (key.Length == 0)
            return;
        if (!phrases.TryGetValue(key, out var known))
            phrases[key] = known = [];
        // The first reading of the very same writing stays.
        if (known.Exists(p => p.Meaning == phrase.Meaning && p.Words.SequenceEqual(phrase.Words)))
            return;
        known.Add(phrase);
        Longest = Math.Max(Longest, phrase.Words.Count);
        if (phrase.Meaning is Meaning.Soft or Meaning.Noise)
            return;
        foreach (var stand in phrase.Stands)
        {
            Neighbours(stand);
            foreach (var word in stand)
            {
                words.TryAdd(word.Folded, (word.Typed, 0));
                if (phrase.Meaning == Meaning.Goods)
                    goods.Add(word.Folded);
            }
        }
    }

    private void Neighbours(List<Word> name)
    {
        for (var i = 1; i < name.Count; i++)
            neighbours.Add((name[i - 1].Folded, name[i].Folded));
    }

    /// <summary>"Xã Chiềng Hặc" is "Chiềng Hặc", "Thị trấn Hát Lót" is "Hát Lót".</summary>
    private static string Bare(string fullName) => fullName.StartsWith("Thị trấn ", StringComparison.Ordinal) ? fullName["Thị trấn ".Length..] : fullName[(fullName.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    private static string Key(ReadOnlySpan<Word> words)
    {
        var key = new System.Text.StringBuilder();
        foreach (var word in words)
            key.Append(key.Length == 0 ? "" : " ").Append(word.Folded);
        return key.ToString();
    }

    private static string Key(IEnumerable<Word> words) => Key(words.ToArray());
}
