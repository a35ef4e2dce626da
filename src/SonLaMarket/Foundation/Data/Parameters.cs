using System.Collections.Concurrent;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace SonLaMarket.Foundation.Data;

/// <summary>The members of an object as the arguments of a statement that Dapper does not send, typed as Dapper types them: a statement is prepared once for each set of types.</summary>
internal static class Parameters
{
    private static readonly ConcurrentDictionary<Type, (PropertyInfo Member, NpgsqlDbType? Type)[]> Known = [];

    public static void Fill(NpgsqlParameterCollection to, object? args)
    {
        if (args is null)
            return;
        foreach (var (member, type) in Known.GetOrAdd(args.GetType(), t => [.. t.GetProperties().Select(p => (p, TypeOf(p.PropertyType)))]))
        {
            var parameter = new NpgsqlParameter(member.Name, member.GetValue(args) switch
            {
                null => DBNull.Value,
                DateTimeOffset instant => instant.UtcDateTime,
                var value => value,
            });
            if (type is { } known)
                parameter.NpgsqlDbType = known;
            to.Add(parameter);
        }
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
}
