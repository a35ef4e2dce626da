using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts;

/// <summary>What people are told of something that happened, in Vietnamese; English stands in the room's Texts.en.json. <c>{0}</c> is what it is about: an order's code, a title.</summary>
/// <param name="Key">Begins the key of each message: one message for each happening and way.</param>
/// <param name="Subject">Of a mail.</param>
/// <param name="Text">Goes to a phone, and begins a mail.</param>
/// <param name="More">Goes on in a mail, where there is room.</param>
public sealed record Notice(string Key, string Subject, string Text, string More = "")
{
    public IEnumerable<string> Words => new[] { Subject, Text, More }.Where(w => w.Length > 0);

    internal string SubjectIn(string language, object[] values) => Fill(language, Subject, values);

    internal string BodyIn(string language, bool mail, object[] values) =>
        Fill(language, Text, values) + (mail && More.Length > 0 ? "\n\n" + Fill(language, More, values) : "");

    private static string Fill(string language, string words, object[] values) => string.Format(Vietnamese.Culture, Texts.In(language, words), values).Trim();
}

/// <summary>One person is told of one happening.</summary>
/// <param name="Happening">Names what happened, e.g. the order's code.</param>
/// <param name="Values">What stands in the notice's places.</param>
public sealed record Telling(IEnumerable<Contact> To, string Language, Notice Notice, string Happening, object[] Values)
{
    internal OutgoingMessage Through(Contact way) =>
        new($"{Notice.Key}:{Happening}" + (way.IsEmail ? ":email" : ""), way.Value, Notice.SubjectIn(Language, Values), Notice.BodyIn(Language, way.IsEmail, Values));
}
