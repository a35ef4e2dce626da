using System.Reflection;
using System.Reflection.Emit;
using Microsoft.AspNetCore.Razor.Hosting;

namespace SonLaMarket.Tests.Shape;

/// <summary>The table of docs/architecture.md, section 4, and how the assembly is read against it.</summary>
public static class House
{
    /// <summary>What each room may use. Floors 0 to 3 are open to all above them.</summary>
    public static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Foundation"] = [],
        ["Jobs"] = ["Foundation"],
        ["Accounts"] = ["Foundation", "Jobs"],
        ["Files"] = ["Foundation", "Jobs", "Accounts"],
        ["Producers"] = ["Foundation", "Jobs", "Accounts", "Files"],
        ["Origin"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers"],
        ["Catalog"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers", "Origin"],
        ["Payments"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers"],
        ["Orders"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers", "Origin", "Catalog", "Payments"],
        ["Exports"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers", "Origin", "Catalog"],
        ["Imports"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers", "Origin", "Catalog"],
        ["Supervision"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers", "Origin", "Catalog", "Payments", "Orders", "Exports", "Imports"],
        ["Home"] = ["Foundation", "Jobs", "Accounts", "Files", "Producers", "Origin", "Catalog", "Payments", "Orders", "Exports", "Imports", "Supervision"],
    };

    private const string Root = "SonLaMarket.";
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    public static readonly Assembly Assembly = typeof(Program).Assembly;

    /// <summary>Room and feature of a type: by its namespace, or by the path of the view it was compiled from. Null for what belongs to no room.</summary>
    public static (string Room, string Feature)? PlaceOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        if (type.HasElementType)
            return PlaceOf(type.GetElementType()!);
        if (type.Assembly != Assembly)
            return null;
        if (Views.TryGetValue(type, out var path))
            return Split(path.Trim('/').Split('/')[..^1]);
        return type.Namespace is { } space && space.StartsWith(Root, StringComparison.Ordinal) ? Split(space[Root.Length..].Split('.')) : null;
    }

    private static (string Room, string Feature)? Split(string[] parts) =>
        parts.Length > 0 && MayUse.ContainsKey(parts[0]) ? (parts[0], string.Join('.', parts.Skip(1))) : null;

    private static readonly Dictionary<Type, string> Views = Assembly.GetCustomAttributes<RazorCompiledItemAttribute>().ToDictionary(v => v.Type, v => v.Identifier);

    public static IEnumerable<Type> Types => Assembly.GetTypes().Where(t => PlaceOf(t) is not null);

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<MethodBase> MethodsOf(Type type) => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All));

    /// <summary>Every type that a type names: base, interfaces, fields, signatures, attributes and method bodies.</summary>
    public static IEnumerable<Type> UsedBy(Type type)
    {
        var used = new HashSet<Type>();
        void Add(Type? t)
        {
            if (t is null || t.IsGenericParameter || !used.Add(t))
                return;
            foreach (var argument in t.IsGenericType ? t.GetGenericArguments() : [])
                Add(argument);
            if (t.HasElementType)
                Add(t.GetElementType());
        }
        Add(type.BaseType);
        foreach (var i in type.GetInterfaces())
            Add(i);
        foreach (var f in type.GetFields(All))
            Add(f.FieldType);
        foreach (var a in type.GetCustomAttributesData())
            Add(a.AttributeType);
        foreach (var m in MethodsOf(type))
        {
            Add((m as MethodInfo)?.ReturnType);
            foreach (var p in m.GetParameters())
                Add(p.ParameterType);
            foreach (var (_, operand) in Operands(m))
            {
                Add(operand as Type);
                if (operand is not MemberInfo member || operand is Type)
                    continue;
                Add(member.DeclaringType);
                Add((member as MethodInfo)?.ReturnType);
                if (member is MethodInfo { IsGenericMethod: true } generic)
                {
                    foreach (var argument in generic.GetGenericArguments())
                        Add(argument);
                }
            }
        }
        return used;
    }

    /// <summary>Every text that the bodies and constants of a type hold.</summary>
    public static IEnumerable<string> StringsOf(Type type) => MethodsOf(type).SelectMany(Operands).Select(o => o.Operand).OfType<string>()
        .Concat(type.GetFields(All).Where(f => f.IsLiteral && f.FieldType == typeof(string)).Select(f => (string)f.GetRawConstantValue()!)).Distinct(StringComparer.Ordinal);

    /// <summary>The operands of a body (ECMA-335, III): members, types and strings.</summary>
    public static IEnumerable<(OpCode Code, object? Operand)> Operands(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray();
        if (il is null)
            yield break;
        var typeArguments = method.DeclaringType is { IsGenericType: true } t ? t.GetGenericArguments() : null;
        var methodArguments = method is MethodInfo { IsGenericMethod: true } m ? m.GetGenericArguments() : null;
        for (var at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xFE)
                value = unchecked((short)(0xFE00 | il[at++]));
            var code = OpCodesByValue[value];
            object? operand = null;
            switch (code.OperandType)
            {
                case OperandType.InlineString:
                    operand = method.Module.ResolveString(BitConverter.ToInt32(il, at));
                    break;
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    operand = method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments);
                    break;
            }
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
            yield return (code, operand);
        }
    }
}
