using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace SonLaMarket.Journeys.Faults;

/// <summary>
/// The program with one deliberate mistake: a copy of what was built in which a text of SQL or the body of a method was written over. The program itself
/// has no switch for any of it.
/// </summary>
internal sealed class Mutant : IDisposable
{
    private const byte LoadByte = 0x1F;
    private const byte LoadZero = 0x16;
    private const byte LoadOne = 0x17;
    private const byte ToLong = 0x6A;
    private const byte Call = 0x28;
    private const byte Return = 0x2A;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("slm-mutant-");
    private readonly string source;

    /// <param name="program">The built SonLaMarket.dll.</param>
    public Mutant(string program)
    {
        source = Path.GetDirectoryName(program)!;
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
            File.CreateSymbolicLink(Path.Combine(folder.FullName, entry.Name), entry.FullName);
        // The program lives where its own file lies; a link would lead home.
        Rewrite("SonLaMarket.dll", image => image);
    }

    public string Program => Path.Combine(folder.FullName, "SonLaMarket.dll");

    /// <summary>Writes another text of SQL over every place where this one stands; blanks fill what it is shorter.</summary>
    public Mutant Sql(string was, string becomes)
    {
        Assert.True(becomes.Length <= was.Length, "a text can only become shorter");
        return Rewrite("SonLaMarket.dll", image =>
        {
            var (from, to) = (Encoding.Unicode.GetBytes(was), Encoding.Unicode.GetBytes(becomes.PadRight(was.Length)));
            var found = 0;
            for (var at = image.AsSpan().IndexOf(from); at >= 0; at = image.AsSpan().IndexOf(from), found++)
                to.CopyTo(image, at);
            Assert.True(found > 0, $"the program does not say “{was}”");
            return image;
        });
    }

    /// <summary>The first place where a method has this number has another, both from 0 to 8 or both from 9 to 127.</summary>
    public Mutant Number(string assembly, string type, string method, byte was, byte becomes) => Rewrite(assembly, image =>
    {
        var (start, length, _) = Body(image, type, method);
        var (from, to) = was <= 8 ? (new[] { (byte)(LoadZero + was), ToLong }, new[] { (byte)(LoadZero + becomes), ToLong }) : ([LoadByte, was], [LoadByte, becomes]);
        var at = image.AsSpan(start, length).IndexOf(from);
        Assert.True(at >= 0, $"{type}.{method} has no {was}");
        to.CopyTo(image, start + at);
        return image;
    });

    /// <summary>The first place where a method turns the sign of what it hands on keeps it.</summary>
    public Mutant SameSign(string assembly, string type, string method) => Rewrite(assembly, image =>
    {
        const byte negate = 0x65, make = 0x73;
        var (start, length, _) = Body(image, type, method);
        var at = image.AsSpan(start, length).IndexOf([negate, make]);
        Assert.True(at >= 0, $"{type}.{method} turns no sign");
        image[start + at] = 0;
        return image;
    });

    /// <summary>A method answers true whatever it is asked.</summary>
    public Mutant AlwaysTrue(string assembly, string type, string method) => Rewrite(assembly, image =>
    {
        var (start, length, _) = Body(image, type, method);
        Write(image, start, length, [LoadOne, Return]);
        return image;
    });

    /// <summary>A method that answers a task does nothing and says that it is done.</summary>
    public Mutant Nothing(string assembly, string type, string method) => Rewrite(assembly, image =>
    {
        var (start, length, reader) = Body(image, type, method);
        var completed = reader.MemberReferences.Single(h => reader.GetString(reader.GetMemberReference(h).Name) == "get_CompletedTask" && reader.GetMemberReference(h).Parent is { Kind: HandleKind.TypeReference } parent && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "Task");
        Write(image, start, length, [Call, .. BitConverter.GetBytes(MetadataTokens(completed)), Return]);
        return image;
    });

    private static int MetadataTokens(MemberReferenceHandle handle) => System.Reflection.Metadata.Ecma335.MetadataTokens.GetToken(handle);

    private static void Write(byte[] image, int start, int length, byte[] body)
    {
        Assert.True(body.Length <= length, "the method is too short");
        // What is never reached must end too.
        image.AsSpan(start, length).Fill(Return);
        body.CopyTo(image, start);
    }

    /// <summary>Where the instructions of a method stand in the file (ECMA-335, II.25.4).</summary>
    private static (int Start, int Length, MetadataReader Reader) Body(byte[] image, string type, string method)
    {
        var file = new PEReader(new MemoryStream([.. image]));
        var reader = file.GetMetadataReader();
        var found = reader.TypeDefinitions.Where(t => NameOf(reader, t).StartsWith(type, StringComparison.Ordinal)).SelectMany(t => reader.GetTypeDefinition(t).GetMethods())
            .Select(reader.GetMethodDefinition).First(m => reader.GetString(m.Name) == method);
        var section = file.PEHeaders.SectionHeaders[file.PEHeaders.GetContainingSectionIndex(found.RelativeVirtualAddress)];
        var at = section.PointerToRawData + found.RelativeVirtualAddress - section.VirtualAddress;
        return (image[at] & 3) == 2 ? (at + 1, image[at] >> 2, reader) : (at + 12, BitConverter.ToInt32(image, at + 4), reader);
    }

    /// <summary>"Room.Type", or "Room.Type+&lt;Method&gt;…" for the machine of an asynchronous method.</summary>
    private static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? NameOf(reader, outer) + "+" + reader.GetString(type.Name) : reader.GetString(type.Namespace) + "." + reader.GetString(type.Name);
    }

    private Mutant Rewrite(string assembly, Func<byte[], byte[]> change)
    {
        var path = Path.Combine(folder.FullName, assembly);
        var image = change(File.ReadAllBytes(path));
        File.Delete(path);
        File.WriteAllBytes(path, image);
        return this;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
