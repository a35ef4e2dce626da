using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace SonLaMarket.Foundation.Data;

/// <summary>The members of an object as the arguments of a statement that Dapper does not send, typed as Dapper types them: a statement is prepared once for each set of types.</summary>
internal static partial class Parameters
{
    private static readonly ConcurrentDictionary<Type, (PropertyInfo Member, NpgsqlDbType? Type)[]> Known = [];

    public static void Fill(DbParameterCollection to, object? args)
    {
        if (args is null)
            return;
        foreach (var argument in Of(args))
            to.Add(Make(argument, args, argument.Member.Name));
    }

    /// <summary>The same by their places, which <see cref="Places"/> found.</summary>
    public static void Fill(DbParameterCollection to, object args, string[] names)
    {
        var known = Of(args);
        foreach (var name in names)
            to.Add(Make(Array.Find(known, a => a.Member.Name == name) is { Member: not null } argument ? argument : throw new ArgumentException($"@{name} is missing", nameof(args)), args, ""));
    }

    /// <summary>The text with $1, $2, … instead of the names of its arguments, and the names in this order.</summary>
    public static (string Text, string[] Names) Places(string text)
    {
        var names = new List<string>();
        var placed = Argument().Replace(text, m =>
        {
            var name = m.Groups["name"].Value;
            if (!names.Contains(name))
                names.Add(name);
            return $"${names.IndexOf(name) + 1}";
        });
        return (placed, [.. names]);
    }

    private static (PropertyInfo Member, NpgsqlDbType? Type)[] Of(object args) => Known.GetOrAdd(args.GetType(), t => [.. t.GetProperties().Select(p => (p, TypeOf(p.PropertyType)))]);

    private static NpgsqlParameter Make((PropertyInfo Member, NpgsqlDbType? Type) argument, object args, string name)
    {
        var parameter = new NpgsqlParameter(name, argument.Member.GetValue(args) switch
        {
            null => DBNull.Value,
            DateTimeOffset instant => instant.UtcDateTime,
            var value => value,
        });
        if (argument.Type is { } known)
            parameter.NpgsqlDbType = known;
        return parameter;
    }

    /// <summary>What may be null needs its type said.</summary>
    private static NpgsqlDbType? TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => NpgsqlDbType.Text,
        var t when t == typeof(long) => NpgsqlDbType.Bigint,
        var t when t == typeof(int) => NpgsqlDbType.Integer,
        var t when t == typeof(bool) => NpgsqlDbType.Boolean,
        var t when t == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
        var t when t == typeof(DateOnly) => NpgsqlDbType.Date,
        _ => null,
    };

    [GeneratedRegex(@"(?<!\w)@(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Argument();
}
