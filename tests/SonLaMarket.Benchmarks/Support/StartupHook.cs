using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;

/// <summary>
/// Runs inside the measured programs before their Main (DOTNET_STARTUP_HOOKS): tells on a port of loopback how many bytes were
/// allocated and how many commands were sent to the database so far. The runtime wants this name, outside any namespace.
/// </summary>
#pragma warning disable CA1050, MA0047 // see above
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    public const string PortVariable = "SONLAMARKET_PROBE";
    private static long commands;

    public static void Initialize()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(PortVariable), out var port))
            return;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" })
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref commands));
        listener.Start();
        new Thread(() => Answer(port)) { IsBackground = true }.Start();
    }

    private static void Answer(int port)
    {
        using var server = new TcpListener(IPAddress.Loopback, port);
        server.Start();
        while (true)
        {
            using var client = server.AcceptTcpClient();
            client.GetStream().Write(Encoding.ASCII.GetBytes($"{GC.GetTotalAllocatedBytes()} {Interlocked.Read(ref commands)}"));
        }
    }
}
