using System.Reflection;
using System.Runtime.CompilerServices;

namespace Vnpay.Tests;

/// <summary>
/// What others can build on. A change here is a promise made or broken: it shows in review as a change of PublicApi.txt, which
/// VNPAY_WRITE_API=1 writes anew.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void Public_surface_is_the_one_written_down()
    {
        var now = string.Join('\n', typeof(VnpayClient).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines)) + "\n";
        var file = Path.Combine(AppContext.BaseDirectory, "../../../../../src/Vnpay.Net/PublicApi.txt");
        if (Environment.GetEnvironmentVariable("VNPAY_WRITE_API") == "1") File.WriteAllText(file, now);
        Assert.Equal(File.ReadAllText(file), now);
    }

    [Fact]
    public void Every_public_member_is_documented()
    {
        var written = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vnpay.Net.xml"));
        var missing = typeof(VnpayClient).Assembly.GetExportedTypes()
            .SelectMany(type => Members(type).Where(member => member is PropertyInfo or FieldInfo).Select(member => $"{(member is FieldInfo ? "F" : "P")}:{type.FullName}.{member.Name}").Prepend($"T:{type.FullName}"))
            // A record's parameters are described at the record.
            .Where(name => !written.Contains($"name=\"{name}\"", StringComparison.Ordinal) && !name.EndsWith(".Value", StringComparison.Ordinal) && !name.StartsWith("P:Vnpay.VietQrTransfer.", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Lines(Type type)
    {
        var kind = type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : "class";
        var parent = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? " : " + Name(b) : "";
        return Members(type).Select(member => "  " + Text(member)).Order(StringComparer.Ordinal).Prepend($"{kind} {type.FullName}{parent}");
    }

    private static IEnumerable<MemberInfo> Members(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => member is not MethodInfo { IsSpecialName: true } && !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is MethodInfo or ConstructorInfo or PropertyInfo or FieldInfo)
            .Where(member => member is not MethodInfo { Name: "GetHashCode" or "Equals" or "ToString" or "GetType" or "Deconstruct" or "<Clone>$" });

    private static string Text(MemberInfo member) => member switch
    {
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property => $"{(property.GetMethod!.IsStatic ? "static " : "")}{Name(property.PropertyType)}{Mark(Nullability.Create(property).ReadState, property.PropertyType)} {property.Name} {{ get;{(property.SetMethod is { IsPublic: true } ? " init;" : "")} }}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        _ => member.Name,
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)}{Mark(Nullability.Create(parameter).WriteState, parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : "")}"));

    private static string Mark(NullabilityState state, Type type) => state == NullabilityState.Nullable && !type.IsValueType ? "?" : "";

    private static string Name(Type type) =>
        type.IsByRef ? Name(type.GetElementType()!)
        : Nullable.GetUnderlyingType(type) is { } value ? Name(value) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type == typeof(string) ? "string" : type == typeof(long) ? "long" : type == typeof(int) ? "int" : type == typeof(bool) ? "bool" : type == typeof(void) ? "void"
        : type.Name;
}
