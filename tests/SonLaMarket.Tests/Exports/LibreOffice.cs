using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using CsvHelper;

namespace SonLaMarket.Tests.Exports;

/// <summary>What an office program makes of a spreadsheet: an engine that knows nothing of the one that wrote it.</summary>
public static class LibreOffice
{
    /// <summary>The first sheet as CSV text; every cell that is text stands in quotes, numbers do not.</summary>
    public static Task<string> ToCsvAsync(byte[] xlsx) =>
        // Comma, quotes, UTF-8, from line 1, quote every text cell, values as stored.
        ToAsync(xlsx, "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false");

    /// <summary>All that it understood, sheets and drop-downs too, as one XML document (OpenDocument).</summary>
    public static Task<string> ToXmlAsync(byte[] xlsx) => ToAsync(xlsx, "fods", "fods");

    /// <summary>Every sheet as CSV text, by its name.</summary>
    public static async Task<Dictionary<string, string>> SheetsAsync(byte[] xlsx) =>
        // The same, and the last of its values: all sheets.
        (await ToAsync(new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["book"] = xlsx }, "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1"))
            .ToDictionary(s => s.Key["book-".Length..], s => s.Value, StringComparer.Ordinal);

    /// <summary>The first sheet of each as CSV text, all with one start of the program.</summary>
    public static Task<Dictionary<string, string>> ToCsvAsync(IReadOnlyDictionary<string, byte[]> workbooks) => ToAsync(workbooks, "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false");

    private static async Task<string> ToAsync(byte[] xlsx, string extension, string filter) => (await ToAsync(new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["sheet"] = xlsx }, extension, filter))["sheet"];

    private static async Task<Dictionary<string, string>> ToAsync(IReadOnlyDictionary<string, byte[]> workbooks, string extension, string filter)
    {
        var folder = Directory.CreateTempSubdirectory("sonlamarket-soffice-").FullName;
        try
        {
            foreach (var (name, xlsx) in workbooks)
                await File.WriteAllBytesAsync(Path.Combine(folder, name + ".xlsx"), xlsx);
            var start = new ProcessStartInfo("soffice") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (var arg in (string[])[$"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", filter, "--outdir", folder, .. workbooks.Keys.Select(n => Path.Combine(folder, n + ".xlsx"))])
                start.ArgumentList.Add(arg);
            using var process = Start(start);
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var made = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var path in Directory.EnumerateFiles(folder, "*." + extension))
                made[Path.GetFileNameWithoutExtension(path)] = await File.ReadAllTextAsync(path);
            foreach (var name in workbooks.Keys.Where(n => !made.Keys.Any(m => m == n || m.StartsWith(n + "-", StringComparison.Ordinal))))
                throw new InvalidOperationException($"soffice made no {extension} of {name}: {await errors}");
            return made;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static List<Dictionary<string, string>> Rows(string csv, string delimiter = ",")
    {
        using var reader = new CsvReader(new StringReader(csv), new CsvHelper.Configuration.CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = delimiter });
        reader.Read();
        reader.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
            rows.Add(reader.HeaderRecord!.ToDictionary(h => h, h => reader.GetField(h)!, StringComparer.Ordinal));
        return rows;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("This test needs LibreOffice's 'soffice' (package libreoffice-calc).", e);
        }
    }
}
