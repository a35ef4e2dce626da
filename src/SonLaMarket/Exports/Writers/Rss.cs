using System.Text;
using System.Xml;

namespace SonLaMarket.Exports.Writers;

/// <summary>RSS 2.0 with Google's namespace (support.google.com/merchants/answer/160589).</summary>
public static class Rss
{
    private const string Google = "http://base.google.com/ns/1.0";

    public static async Task WriteAsync(Stream output, Profile profile, string siteUrl, IEnumerable<IReadOnlyList<string>[]> rows)
    {
        await using var xml = XmlWriter.Create(output, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), Indent = true });
        await xml.WriteStartDocumentAsync();
        await xml.WriteStartElementAsync(null, "rss", null);
        await xml.WriteAttributeStringAsync(null, "version", null, "2.0");
        await xml.WriteAttributeStringAsync("xmlns", "g", null, Google);
        await xml.WriteStartElementAsync(null, "channel", null);
        await xml.WriteElementStringAsync(null, "title", null, "SonLaMarket");
        await xml.WriteElementStringAsync(null, "link", null, siteUrl);
        await xml.WriteElementStringAsync(null, "description", null, "Nông sản Sơn La");
        foreach (var row in rows)
        {
            await xml.WriteStartElementAsync(null, "item", null);
            for (var i = 0; i < row.Length; i++)
            {
                var column = profile.Columns[i];
                foreach (var value in row[i])
                {
                    if (column.Parts is not { } names)
                    {
                        await WriteAsync(xml, column.Name, value);
                        continue;
                    }
                    await StartAsync(xml, column.Name);
                    foreach (var (name, part) in names.Zip(Column.SplitParts(value, names.Length)))
                        await WriteAsync(xml, name, part);
                    await xml.WriteEndElementAsync();
                }
            }
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
        await xml.WriteEndElementAsync();
        await xml.WriteEndDocumentAsync();
    }

    private static Task StartAsync(XmlWriter xml, string name) => name.Split(':') is [_, var own] ? xml.WriteStartElementAsync("g", own, Google) : xml.WriteStartElementAsync(null, name, null);

    private static async Task WriteAsync(XmlWriter xml, string name, string value)
    {
        await StartAsync(xml, name);
        await xml.WriteStringAsync(value);
        await xml.WriteEndElementAsync();
    }
}
