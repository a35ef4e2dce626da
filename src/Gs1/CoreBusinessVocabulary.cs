namespace Gs1;

/// <summary>Business steps: words of the Core Business Vocabulary (CBV 2.0, section 7.1) and steps on a farm, for which it has none.</summary>
public static class BizStep
{
    /// <summary>A lot or item comes into being: the harvest.</summary>
    public const string Commissioning = "commissioning";

    /// <summary>Something is looked at or tested.</summary>
    public const string Inspecting = "inspecting";

    /// <summary>Goods are put into a container.</summary>
    public const string Packing = "packing";

    /// <summary>Goods are taken out of a container.</summary>
    public const string Unpacking = "unpacking";

    /// <summary>Goods go into a store.</summary>
    public const string Storing = "storing";

    /// <summary>Goods are loaded.</summary>
    public const string Loading = "loading";

    /// <summary>Goods leave a place.</summary>
    public const string Departing = "departing";

    /// <summary>Goods are sent: picked, loaded and gone.</summary>
    public const string Shipping = "shipping";

    /// <summary>Goods are on the way.</summary>
    public const string Transporting = "transporting";

    /// <summary>Goods come to a place.</summary>
    public const string Arriving = "arriving";

    /// <summary>Goods are taken in.</summary>
    public const string Receiving = "receiving";

    /// <summary>Goods change their owner.</summary>
    public const string Accepting = "accepting";

    /// <summary>Goods are held back.</summary>
    public const string Holding = "holding";

    /// <summary>Goods are sold to the consumer.</summary>
    public const string RetailSelling = "retail_selling";

    /// <summary>A sensor reports.</summary>
    public const string SensorReporting = "sensor_reporting";

    /// <summary>Goods are destroyed.</summary>
    public const string Destroying = "destroying";

    /// <summary>The identifier is taken out of use.</summary>
    public const string Decommissioning = "decommissioning";

    /// <summary>Names a step on the farm by an address of our own, such as https://id.example/voc/bizstep/spraying.</summary>
    /// <param name="host">A host name (then https is meant) or a base address.</param>
    /// <param name="word">Lower-case letters and underscores: planting, fertilising, spraying, irrigating ...</param>
    /// <exception cref="ArgumentException">The word has other characters.</exception>
    public static string OnFarm(string host, string word)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        if (!word.All(c => char.IsAsciiLetterLower(c) || c == '_'))
            throw new ArgumentException("A step is named by lower-case letters and underscores.", nameof(word));
        return $"{HostRoot.Of(host)}/voc/bizstep/{word}";
    }
}

/// <summary>Dispositions: what state the goods are in after the event (CBV 2.0, section 7.2).</summary>
public static class Disposition
{
    /// <summary>Just commissioned.</summary>
    public const string Active = "active";

    /// <summary>Being worked on.</summary>
    public const string InProgress = "in_progress";

    /// <summary>On the way.</summary>
    public const string InTransit = "in_transit";

    /// <summary>Found to be as required.</summary>
    public const string Conformant = "conformant";

    /// <summary>Found not to be as required.</summary>
    public const string NonConformant = "non_conformant";

    /// <summary>Can be sold, and the customer can reach it.</summary>
    public const string SellableAccessible = "sellable_accessible";

    /// <summary>Called back.</summary>
    public const string Recalled = "recalled";

    /// <summary>Destroyed.</summary>
    public const string Destroyed = "destroyed";

    /// <summary>Past its date.</summary>
    public const string Expired = "expired";
}

/// <summary>Types of business transactions (CBV 2.0, section 7.3).</summary>
public static class BizTransactionType
{
    /// <summary>Purchase order.</summary>
    public const string PurchaseOrder = "po";

    /// <summary>Despatch advice.</summary>
    public const string DespatchAdvice = "desadv";

    /// <summary>Receiving advice.</summary>
    public const string ReceivingAdvice = "recadv";

    /// <summary>Invoice.</summary>
    public const string Invoice = "inv";

    /// <summary>Certificate.</summary>
    public const string Certificate = "cert";

    /// <summary>Test result.</summary>
    public const string TestResult = "testres";
}

/// <summary>Types of sources and destinations (CBV 2.0, section 7.4).</summary>
public static class PartyType
{
    /// <summary>The party that owns the goods.</summary>
    public const string OwningParty = "owning_party";

    /// <summary>The party that holds the goods.</summary>
    public const string PossessingParty = "possessing_party";

    /// <summary>The place.</summary>
    public const string Location = "location";
}

/// <summary>Units of measure of EPCIS quantities (UN/ECE Recommendation 20).</summary>
public static class UnitOfMeasure
{
    /// <summary>Kilogram.</summary>
    public const string Kilogram = "KGM";

    /// <summary>Gram.</summary>
    public const string Gram = "GRM";

    /// <summary>Litre.</summary>
    public const string Litre = "LTR";

    /// <summary>Piece.</summary>
    public const string Piece = "H87";
}

/// <summary>Reasons of an error declaration (CBV 2.0, section 7.5).</summary>
public static class ErrorReason
{
    /// <summary>The event did not take place.</summary>
    public const string DidNotOccur = "did_not_occur";

    /// <summary>The event took place, its data were wrong.</summary>
    public const string IncorrectData = "incorrect_data";
}
