using System.Text.Json;

namespace Gs1.Tests;

public sealed class EpcisDocumentTests
{
    private const string Lot = "https://id.example/01/08938507770015/10/SL26-MAN-0001";
    private const string Place = "https://id.example/414/8938507770008";

    private static readonly DateTimeOffset At = new(2026, 6, 1, 6, 30, 0, TimeSpan.FromHours(7));
    private static readonly EpcisContext Context = EpcisContext.ForHost("sonlamarket.example");

    // Required fields by GS1's EPCIS-JSON-Schema (draft-07 of EPCIS 2.0.0), type by type.
    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["ObjectEvent"] = ["action"],
        ["AggregationEvent"] = ["action", "parentID"],
        ["TransactionEvent"] = ["action", "bizTransactionList"],
        ["TransformationEvent"] = [],
        ["AssociationEvent"] = ["action", "parentID"],
    };

    private static readonly Dictionary<string, string[]> OneOf = new(StringComparer.Ordinal)
    {
        ["ObjectEvent"] = ["epcList", "quantityList", "sensorElementList"],
        ["AggregationEvent"] = ["childEPCs", "childQuantityList"],
        ["TransactionEvent"] = ["epcList", "quantityList"],
        ["TransformationEvent"] = ["inputEPCList", "inputQuantityList", "transformationID"],
        ["AssociationEvent"] = ["childEPCs", "childQuantityList"],
    };

    [Fact]
    public void Document_has_context_version_and_every_field_its_events_need()
    {
        using var document = Write([Harvest(), Spraying(), Packing(), Drying(), Sale(), Logger(), Wrong()]);
        var root = document.RootElement;
        Assert.Equal("EPCISDocument", root.GetProperty("type").GetString());
        Assert.Equal("2.0", root.GetProperty("schemaVersion").GetString());
        Assert.Equal("2026-06-01T06:30:00.000+07:00", root.GetProperty("creationDate").GetString());
        Assert.Equal(EpcisContext.StandardAddress, root.GetProperty("@context")[0].GetString());
        Assert.Equal("https://sonlamarket.example/epcis/", root.GetProperty("@context")[1].GetProperty("slm").GetString());

        var context = EpcisContext.Read(root.GetProperty("@context"));
        var events = root.GetProperty("epcisBody").GetProperty("eventList").EnumerateArray().ToArray();
        Assert.Equal(7, events.Length);
        foreach (var e in events)
        {
            var type = e.GetProperty("type").GetString()!;
            Assert.All(Required[type], field => Assert.True(e.TryGetProperty(field, out _), $"{type} without {field}"));
            Assert.Contains(OneOf[type], field => e.TryGetProperty(field, out var list) && (list.ValueKind == JsonValueKind.String || list.GetArrayLength() > 0));
            Assert.Equal("+07:00", e.GetProperty("eventTimeZoneOffset").GetString());
            Assert.EndsWith("+07:00", e.GetProperty("eventTime").GetString(), StringComparison.Ordinal);
            Assert.Matches("^ni:///sha-256;[0-9a-f]{64}\\?ver=CBV2\\.0$", e.GetProperty("eventID").GetString());
            Assert.Equal(e.GetProperty("eventID").GetString(), EventHash.Compute(e, context));
        }
    }

    [Fact]
    public void Harvest_is_written_field_by_field()
    {
        using var json = JsonDocument.Parse((Harvest() with { EventId = null }).ToJson());
        const string Expected = """
            {"type":"ObjectEvent","eventTime":"2026-06-01T06:30:00.000+07:00","eventTimeZoneOffset":"+07:00",
             "quantityList":[{"epcClass":"https://id.example/01/08938507770015/10/SL26-MAN-0001","quantity":1250.0,"uom":"KGM"}],
             "action":"ADD","bizStep":"commissioning","disposition":"active",
             "readPoint":{"id":"https://id.example/414/8938507770008"},"bizLocation":{"id":"https://id.example/414/8938507770008"},
             "ilmd":{"slm:growingAreaCode":"VN-SLOR-0042","slm:variety":"Xoài tròn Yên Châu"}}
            """;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Expected).RootElement, json.RootElement), json.RootElement.GetRawText());
        Assert.Contains("Xoài tròn Yên Châu", json.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Our_event_has_the_hash_of_the_published_vector()
    {
        var harvest = Harvest() with
        {
            QuantityList = [new("https://another.example/01/08938507770015/10/SL26-MAN-0001", 1250m, UnitOfMeasure.Kilogram)],
            Ilmd = Json("""{"slm:growingAreaCode":"VN-SLOR-0042","slm:harvestDate":"2026-06-01","slm:variety":"Xoài tròn Yên Châu"}"""),
        };
        Assert.Equal("ni:///sha-256;e9178f296e2d80f8654c449d6b60d3739ec2fa7dd1c76f07e3e4b38366b9e357?ver=CBV2.0", EventHash.Compute(harvest, Context));
    }

    [Fact]
    public void Time_zone_changes_how_the_time_is_written_but_not_when_it_was()
    {
        var utc = Harvest() with { EventTime = At.ToUniversalTime() };
        Assert.Contains("\"eventTime\":\"2026-06-01T06:30:00.000+07:00\"", utc.ToJson(), StringComparison.Ordinal);
        Assert.Equal(Harvest().EventId, EventHash.Compute(utc, Context));
        var west = Harvest() with { EventTimeZoneOffset = TimeSpan.FromMinutes(-570) };
        Assert.Contains("\"eventTimeZoneOffset\":\"-09:30\"", west.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Declared_error_keeps_the_hash_of_the_event_it_is_about() =>
        Assert.Equal(EventHash.Compute(Harvest(), Context), EventHash.Compute(Wrong(), Context));

    [Fact]
    public void Stored_events_are_written_as_they_are()
    {
        using var stored = JsonDocument.Parse(Harvest().ToJson());
        using var output = new MemoryStream();
        EpcisDocument.Write(output, Context, At, [stored.RootElement]);
        using var document = JsonDocument.Parse(output.ToArray());
        Assert.True(JsonElement.DeepEquals(stored.RootElement, document.RootElement.GetProperty("epcisBody").GetProperty("eventList")[0]));
    }

    [Fact]
    public void Foreign_context_is_never_fetched() =>
        Assert.Throws<FormatException>(() => EpcisContext.Read(Json("""["https://attacker.example/context.jsonld"]""")));

    [Fact]
    public void Farm_step_is_an_address_of_our_own()
    {
        Assert.Equal("https://id.example/voc/bizstep/spraying", BizStep.OnFarm("id.example", "spraying"));
        Assert.Throws<ArgumentException>(() => BizStep.OnFarm("id.example", "phun thuốc"));
    }

    private static EpcisEvent Harvest() => WithId(Of(EpcisEventType.ObjectEvent) with
    {
        Action = EpcisAction.Add,
        BizStep = BizStep.Commissioning,
        Disposition = Disposition.Active,
        QuantityList = [new(Lot, 1250.0m, UnitOfMeasure.Kilogram)],
        Ilmd = Json("""{"slm:growingAreaCode":"VN-SLOR-0042","slm:variety":"Xoài tròn Yên Châu"}"""),
    });

    private static EpcisEvent Spraying() => WithId(Of(EpcisEventType.ObjectEvent) with
    {
        Action = EpcisAction.Observe,
        BizStep = BizStep.OnFarm("sonlamarket.example", "spraying"),
        QuantityList = [new(Lot)],
        Extensions = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["slm:intervalDays"] = Json("14"), ["slm:input"] = Json("\"Thuốc mẫu\"") },
    });

    private static EpcisEvent Packing() => WithId(Of(EpcisEventType.AggregationEvent) with
    {
        Action = EpcisAction.Add,
        BizStep = BizStep.Packing,
        ParentId = "https://id.example/00/089385077700000015",
        ChildEpcs = ["https://id.example/01/08938507770015/21/A1"],
        ChildQuantityList = [new(Lot, 20m, UnitOfMeasure.Kilogram)],
    });

    private static EpcisEvent Drying() => WithId(Of(EpcisEventType.TransformationEvent) with
    {
        BizStep = BizStep.Commissioning,
        Disposition = Disposition.InProgress,
        InputEpcList = ["https://id.example/01/08938507770015/21/A1"],
        InputQuantityList = [new(Lot, 300.5m, UnitOfMeasure.Kilogram)],
        OutputEpcList = ["https://id.example/01/08938507770022/21/D1"],
        OutputQuantityList = [new("https://id.example/01/08938507770022/10/SL26-DRY-0007", 400m, UnitOfMeasure.Piece)],
        TransformationId = "https://id.example/253/8938507770091DRY7",
    });

    private static EpcisEvent Sale() => WithId(Of(EpcisEventType.TransactionEvent) with
    {
        Action = EpcisAction.Add,
        BizStep = BizStep.Shipping,
        Disposition = Disposition.InTransit,
        QuantityList = [new(Lot, 5m, UnitOfMeasure.Kilogram)],
        BizTransactionList = [new(BizTransactionType.PurchaseOrder, "https://id.example/don-hang/DH1"), new(null, "https://id.example/don-hang/DH2")],
        SourceList = [new(PartyType.OwningParty, "https://id.example/417/8938507770053")],
        DestinationList = [new(PartyType.Location, "https://id.example/414/9521321000018")],
    });

    private static EpcisEvent Logger() => WithId(Of(EpcisEventType.AssociationEvent) with
    {
        Action = EpcisAction.Add,
        ParentId = "https://id.example/8003/08938507770015C-0001",
        ChildEpcs = ["https://id.example/8004/8938507770-LOG-17"],
        RecordTime = At.AddMinutes(5),
    });

    private static EpcisEvent Wrong() => Harvest() with { ErrorDeclaration = new(At.AddHours(1), ErrorReason.IncorrectData, [Spraying().EventId!]) };

    private static EpcisEvent Of(EpcisEventType type) => new()
    {
        Type = type,
        EventTime = At,
        EventTimeZoneOffset = TimeSpan.FromHours(7),
        ReadPoint = Place,
        BizLocation = type == EpcisEventType.AssociationEvent ? null : Place,
    };

    private static EpcisEvent WithId(EpcisEvent e) => EventHash.WithId(e, Context);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static JsonDocument Write(IReadOnlyList<EpcisEvent> events)
    {
        using var output = new MemoryStream();
        EpcisDocument.Write(output, Context, At, events);
        return JsonDocument.Parse(output.ToArray());
    }
}
