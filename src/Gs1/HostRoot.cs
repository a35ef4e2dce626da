namespace Gs1;

/// <summary>Callers name where identifiers live either by host ("id.example") or by base address ("http://localhost:5080").</summary>
internal static class HostRoot
{
    public static string Of(string host)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return (host.Contains("://", StringComparison.Ordinal) ? host : "https://" + host).TrimEnd('/');
    }
}
