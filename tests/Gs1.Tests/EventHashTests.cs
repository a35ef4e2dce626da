using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Gs1.Tests;

public sealed class EventHashTests
{
    private const string Minimal = """{"type":"ObjectEvent","eventTime":"2026-06-01T00:00:00Z","eventTimeZoneOffset":"+00:00"}""";
    private const string MinimalPreHash = "eventType=ObjectEventeventTime=2026-06-01T00:00:00.000ZeventTimeZoneOffset=+00:00";

    private static readonly JsonElement Document = Load();
    private static readonly EpcisContext Context = EpcisContext.Read(Document.GetProperty("context"));

    public static TheoryData<string> StableIds =>
        [.. Vectors().Where(vector => vector.GetProperty("stable").GetBoolean()).Select(vector => vector.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(StableIds))]
    public void Stable_vector_has_its_pre_hash_and_hash(string id)
    {
        var vector = Vector(id);
        Assert.Equal(vector.GetProperty("pre_hash").GetString(), EventHash.PreHash(vector.GetProperty("event"), Context));
        Assert.Equal(vector.GetProperty("hash").GetString(), EventHash.Compute(vector.GetProperty("event"), Context));
    }

    [Fact]
    public void Certification_info_is_not_hashed()
    {
        var vector = Vector("e15");
        var ours = vector.GetProperty("alternatives")[0];
        Assert.Equal(ours.GetProperty("pre_hash").GetString(), EventHash.PreHash(vector.GetProperty("event"), Context));
        Assert.Equal(ours.GetProperty("hash").GetString(), EventHash.Compute(vector.GetProperty("event"), Context));
    }

    [Theory]
    [InlineData("2026-06-01T08:15:30.1235+07:00", "2026-06-01T01:15:30.124Z")]
    [InlineData("2026-06-01T08:15:30.1234999+07:00", "2026-06-01T01:15:30.123Z")]
    [InlineData("2026-06-01T06:59:59.9996+07:00", "2026-06-01T00:00:00.000Z")]
    [InlineData("2026-06-01T00:00:00-05:30", "2026-06-01T05:30:00.000Z")]
    public void Times_are_milliseconds_of_universal_time_rounded_half_up(string sent, string hashed) =>
        Assert.Contains("eventTime=" + hashed + "eventTimeZoneOffset", PreHash(Minimal.Replace("2026-06-01T00:00:00Z", sent, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("urn:epc:id:sgtin:4012345.011111.987", "https://id.gs1.org/01/04012345111118/21/987")]
    [InlineData("urn:epc:id:sgtin:0614141.107346.20%2F17", "https://id.gs1.org/01/10614141073464/21/20%2F17")]
    [InlineData("urn:epc:class:lgtin:4012345.022222.87545GHGH", "https://id.gs1.org/01/04012345222227/10/87545GHGH")]
    [InlineData("urn:epc:idpat:sgtin:4012345.044444.*", "https://id.gs1.org/01/04012345444445")]
    [InlineData("urn:epc:id:sscc:4012345.0000000333", "https://id.gs1.org/00/040123450000003338")]
    [InlineData("urn:epc:id:sgln:0614141.07346.1234", "https://id.gs1.org/414/0614141073467/254/1234")]
    [InlineData("urn:epc:id:sgln:0012345.11111.0", "https://id.gs1.org/414/0012345111112")]
    [InlineData("urn:epc:id:pgln:4012345.00225", "https://id.gs1.org/417/4012345002256")]
    [InlineData("urn:epc:id:gdti:0614141.12345.400", "https://id.gs1.org/253/0614141123452400")]
    [InlineData("urn:epc:id:giai:4000001.111", "https://id.gs1.org/8004/4000001111")]
    [InlineData("urn:epc:id:grai:4012345.55555.987", "https://id.gs1.org/8003/04012345555554987")]
    [InlineData("urn:epc:id:itip:4012345.012345.01.02.987", "https://id.gs1.org/8006/040123451234560102/21/987")]
    [InlineData("urn:epc:id:adi:W81X9C.3KL984PX1.2WMA52", "urn:epc:id:adi:W81X9C.3KL984PX1.2WMA52")]
    [InlineData("urn:epc:id:sgtin:4012345.11111.987", "urn:epc:id:sgtin:4012345.11111.987")]
    [InlineData("https://any.example/stem/01/08938507770015/22/2A/10/L1/21/S1?17=270630#x", "https://id.gs1.org/01/08938507770015/21/S1")]
    [InlineData("https://any.example/01/08938507770015/22/2A", "https://id.gs1.org/01/08938507770015")]
    [InlineData("https://any.example/414/8938507770008/7040/1ABC", "https://id.gs1.org/414/8938507770008")]
    [InlineData("https://any.example/lo/01-ABC", "https://any.example/lo/01-ABC")]
    [InlineData("https://any.example/01/08938507770016", "https://any.example/01/08938507770016")]
    public void Identifiers_are_hashed_in_one_form(string sent, string hashed)
    {
        var e = JsonNode.Parse(Minimal)!;
        e["epcList"] = new JsonArray(sent);
        Assert.Equal(MinimalPreHash + "epcListepc=" + hashed, PreHash(e.ToJsonString()));
    }

    [Theory]
    [InlineData(""" "bizStep":"urn:epcglobal:cbv:bizstep:shipping" """, "bizStep=https://ref.gs1.org/cbv/BizStep-shipping")]
    [InlineData(""" "bizStep":"cbv:BizStep-shipping" """, "bizStep=https://ref.gs1.org/cbv/BizStep-shipping")]
    [InlineData(""" "bizStep":"slm:spraying" """, "bizStep=https://sonlamarket.example/epcis/spraying")]
    [InlineData(""" "bizStep":"https://id.example/voc/bizstep/spraying" """, "bizStep=https://id.example/voc/bizstep/spraying")]
    [InlineData(""" "persistentDisposition":{"unset":["in_transit"],"set":["expired","active"]} """, "persistentDispositionset=https://ref.gs1.org/cbv/Disp-activeset=https://ref.gs1.org/cbv/Disp-expiredunset=https://ref.gs1.org/cbv/Disp-in_transit")]
    [InlineData(""" "bizTransactionList":[{"type":"po","bizTransaction":"urn:b"},{"bizTransaction":"urn:a"}] """, "bizTransactionListbizTransaction=urn:atype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:b")]
    [InlineData(""" "quantityList":[{"epcClass":"urn:x","quantity":0.50},{"epcClass":"urn:x","quantity":1e3,"uom":"GRM"}] """, "quantityListquantityElementepcClass=urn:xquantity=0.5quantityElementepcClass=urn:xquantity=1000uom=GRM")]
    [InlineData(""" "ilmd":{"cbvmda:lotNumber":"L1"} """, "ilmd{urn:epcglobal:cbv:mda:}lotNumber=L1")]
    [InlineData(""" "slm:outer":{"slm:b":2.0,"slm:a":[true,"x"]},"slm:n":null,"comment":"none" """, "{https://sonlamarket.example/epcis/}outer{https://sonlamarket.example/epcis/}a=true{https://sonlamarket.example/epcis/}a=x{https://sonlamarket.example/epcis/}b=2")]
    [InlineData(""" "slm:a":"time: 10:30" """, "{https://sonlamarket.example/epcis/}a=time: 10:30")]
    [InlineData(""" "https://x.example/v#p":"1" """, "{https://x.example/v#}p=1")]
    [InlineData(""" "epcList":[],"disposition":"","eventID":"urn:e","recordTime":"2026-06-01T00:00:00Z","errorDeclaration":{"declarationTime":"2026-06-02T00:00:00Z"} """, "")]
    public void Field_is_hashed_by_the_rules_of_the_standard(string field, string hashed) =>
        Assert.Equal(MinimalPreHash + hashed, PreHash(Minimal[..^1] + "," + field + "}"));

    [Fact]
    public void Lists_are_sorted_by_bytes()
    {
        var e = JsonNode.Parse(Minimal)!;
        e["slm:x"] = new JsonArray("a10", "B2", "A1", "\U0001F96D", "\uFF21");
        const string Name = "{https://sonlamarket.example/epcis/}x=";
        Assert.Equal(MinimalPreHash + string.Concat(new[] { "A1", "B2", "a10", "\uFF21", "\U0001F96D" }.Select(value => Name + value)), PreHash(e.ToJsonString()));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"eventTime":"2026-06-01T00:00:00Z"}""")]
    [InlineData("""{"type":"ObjectEvent","eventTime":"yesterday"}""")]
    [InlineData("""{"type":"ObjectEvent","eventTime":"2026-06-01T00:00:00"}""")]
    [InlineData("""{"type":"ObjectEvent","eventTime":"9999-12-31T23:59:59.9999Z"}""")]
    [InlineData("""{"type":"ObjectEvent","other:field":"1"}""")]
    [InlineData("""{"type":"ObjectEvent","unknownField":"1"}""")]
    [InlineData("""{"type":"ObjectEvent","epcList":"urn:x"}""")]
    [InlineData("""{"type":"ObjectEvent","readPoint":"urn:x"}""")]
    [InlineData("""{"type":"ObjectEvent","bizStep":5}""")]
    public void What_is_no_event_is_a_format_error(string json) => Assert.Throws<FormatException>(() => PreHash(json));

    [Fact]
    public void Order_of_fields_and_lists_does_not_change_the_hash() =>
        Gen.Select(Gen.OneOfConst(Vectors().Select(vector => vector.GetProperty("id").GetString()!).ToArray()), Gen.Int)
            .Sample((id, seed) =>
            {
                var original = Vector(id).GetProperty("event");
                using var shuffled = JsonDocument.Parse(Shuffle(JsonNode.Parse(original.GetRawText())!, new Random(seed)).ToJsonString());
                return EventHash.Compute(shuffled.RootElement, Context) == EventHash.Compute(original, Context);
            });

    private static JsonNode Shuffle(JsonNode node, Random random) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(_ => random.Next()).Select(field => KeyValuePair.Create(field.Key, field.Value is null ? null : (JsonNode?)Shuffle(field.Value, random)))),
        JsonArray items => new JsonArray([.. items.OrderBy(_ => random.Next()).Select(item => item is null ? null : Shuffle(item, random))]),
        _ => node.DeepClone(),
    };

    private static string PreHash(string json)
    {
        using var document = JsonDocument.Parse(json);
        return EventHash.PreHash(document.RootElement, Context);
    }

    private static IEnumerable<JsonElement> Vectors() => Document.GetProperty("vectors").EnumerateArray();

    private static JsonElement Vector(string id) => Vectors().Single(vector => vector.GetProperty("id").GetString() == id);

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "epcis-hash-vectors.json")));
        return document.RootElement.Clone();
    }
}
