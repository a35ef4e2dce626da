using System.Text.RegularExpressions;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>R3: a room's SQL writes only its own schema and reads only schemas it may use; tables are written schema.table.</summary>
public sealed partial class SqlTests
{
    private static readonly string[] Schemas = ["foundation", "jobs", "accounts", "files", "producers", "origin", "catalog", "payments", "orders", "exports", "imports", "supervision"];

    [Fact]
    public void R3_a_room_writes_only_its_own_schema() =>
        Assert.Empty(All().SelectMany(s => Written(s.Sql).Where(schema => schema != Own(s.Room)).Select(schema => $"{s.Type} writes {schema}: {Short(s.Sql)}")));

    [Fact]
    public void R3_a_room_reads_only_schemas_it_may_use() =>
        Assert.Empty(All().SelectMany(s => Read(s.Sql).Where(schema => schema != Own(s.Room) && !House.MayUse[s.Room].Any(r => Own(r) == schema)).Select(schema => $"{s.Type} reads {schema}: {Short(s.Sql)}")));

    /// <summary>
    /// One way to ask: whoever reads the members alone forgets the helpers, and those who work for another producer now. What is held of a
    /// person (<c>…OfPerson</c>) is another question: it goes by every membership, whoever they work for now.
    /// </summary>
    [Fact]
    public void Who_may_act_for_a_producer_is_asked_of_one_view() =>
        Assert.Empty(All().Where(s => s.Room is not ("Producers" or "Home") && !s.Type.Contains("OfPerson", StringComparison.Ordinal) && s.Sql.Contains("producers.member", StringComparison.Ordinal)).Select(s => $"{s.Type}: {Short(s.Sql)}"));

    [Fact]
    public void Columns_are_named() => Assert.Empty(All().Where(s => Everything().IsMatch(s.Sql)).Select(s => $"{s.Type}: {Short(s.Sql)}"));

    [Fact]
    public void Tables_are_written_with_their_schema() =>
        Assert.Empty(All().SelectMany(s => Bare().Matches(s.Sql).Select(m => m.Groups["name"].Value).Where(n => n.Length > 0 && !Cte(s.Sql, n) && !Known.Contains(n)).Select(n => $"{s.Type}: {n} in {Short(s.Sql)}")));

    /// <summary>Names of people, goods and places stand as Vietnamese dictionaries have them: d before đ, the tone last. Words of programs have no such order.</summary>
    [Fact]
    public void Names_are_sorted_as_vietnamese_sorts_them() =>
        Assert.Empty(All().Where(s => s.Room is not "Exports").SelectMany(s => Sorted().Matches(s.Sql).SelectMany(o => Named().Matches(o.Value)).Select(m => $"{s.Type}: {m.Value} in {Short(s.Sql)}")));

    /// <summary>The rules themselves are tried on texts that break them.</summary>
    [Fact]
    public void The_rules_can_fail()
    {
        Assert.Equal(["catalog"], Written("update catalog.listing set title = 'x'"));
        Assert.Equal(["orders"], Read("select id from orders.purchase"));
        Assert.Matches(Everything(), "select * from orders.purchase");
        Assert.Matches(Everything(), "select p.* from orders.purchase p");
        Assert.Matches(Named(), Sorted().Match("select p.name from producers.product p order by p.id, p.name limit 3").Value);
        Assert.DoesNotMatch(Named(), Sorted().Match("select p.name from producers.product p order by p.name collate \"vi-x-icu\", p.id").Value);
        Assert.Equal("purchase", Bare().Match("select id from purchase p").Groups["name"].Value);
    }

    private static readonly HashSet<string> Known = new(["lateral", "unnest", "jsonb_array_elements", "generate_series", "pg_roles", "pg_database", "pg_namespace", "pg_trigger", "jsonb_array_elements_text", "only", "skip", "now", "of", "jsonb_each_text", "regexp_split_to_table", "string_to_table", "harvest"], StringComparer.Ordinal);

    private static IEnumerable<(string Room, string Type, string Sql)> All() =>
        from type in House.Types
        let room = House.PlaceOf(type)!.Value.Room
        where room != "Foundation" || !type.FullName!.Contains("Migrator", StringComparison.Ordinal)
        from text in House.StringsOf(type)
        where Statement().IsMatch(text) && Schemas.Any(s => text.Contains(s + ".", StringComparison.Ordinal))
        select (room, type.FullName!, text);

    private static string Own(string room) => room.ToLowerInvariant();

    private static IEnumerable<string> Written(string sql) => Writes().Matches(sql).Select(m => m.Groups["schema"].Value).Where(Schemas.Contains).Distinct();

    private static IEnumerable<string> Read(string sql) => Names().Matches(sql).Select(m => m.Groups["schema"].Value).Where(Schemas.Contains).Distinct();

    private static bool Cte(string sql, string name) => Regex.IsMatch(sql, $@"\b{Regex.Escape(name)}(\s*\([^)]*\))?\s+as\s*(materialized\s*)?\(", RegexOptions.None, TimeSpan.FromSeconds(1)) || name.EndsWith("watched", StringComparison.Ordinal) || name is "waiting" or "live" or "median";

    private static string Short(string sql) => Regex.Replace(sql, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)) is var flat && flat.Length > 160 ? flat[..160] : flat;

    [GeneratedRegex(@"^\s*;?\s*(select|insert|update|delete|with)\b|\b(from|join|into|update)\s+[a-z_]+\.[a-z_]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(insert\s+into|update|delete\s+from)\s+(?<schema>[a-z]+)\.[a-z_]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Writes();

    [GeneratedRegex(@"\b(from|join|into|update)\s+(?<schema>[a-z]+)\.[a-z_]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();

    [GeneratedRegex(@"order by [^;)]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sorted();

    [GeneratedRegex(@"\b[a-z]\.(name|title|full_name)\b(?!\s+collate)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"select\s+([a-z]+\.)?\*\s+from\s+[a-z]+\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Everything();

    [GeneratedRegex(@"(?<!@)\b(from|join)\s+(?<name>[a-z_]+)\b(?!\s*[.(])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bare();
}
