using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Tests.Bmc;

/// <summary>Reads tests/fixtures/ipmi/CASE/answers.txt (see the README there).</summary>
internal static class ControllerFixture
{
    public static string Folder { get; } = Path.Combine(IpmiTestHost.RepositoryRoot, "tests", "fixtures", "ipmi");

    public static IEnumerable<string> Cases => Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    public static ScriptedBmc Load(string name)
    {
        ScriptedBmc bmc = new ScriptedBmc().Add(SdrBytes.Full(1, "Inlet Temp", entity: 0x37), 23, 0xC0, 0xC0);
        var answers = new List<(byte[] Request, byte[] Answer)>();
        byte[] request = [];
        foreach (string line in File.ReadLines(Path.Combine(Folder, name, "answers.txt")).Where(l => l.Length > 0 && l[0] != '#'))
        {
            string[] words = line.Split(' ', 2);
            switch (words[0])
            {
                case "record":
                    bmc.Add([0, 0, .. Bytes(words[1])]);
                    break;
                case "reading":
                    string[] reading = words[1].Split(' ', 2);
                    bmc.Sensors[byte.Parse(reading[0], System.Globalization.CultureInfo.InvariantCulture)] = Bytes(reading[1]);
                    break;
                case ">":
                    request = Bytes(words[1]);
                    break;
                case "<":
                    answers.Add((request, Bytes(words[1])));
                    break;
                default:
                    throw new InvalidDataException($"{name}: {line}");
            }
        }

        foreach (IGrouping<(byte NetFn, byte Command), (byte[] Request, byte[] Answer)> command in answers.GroupBy(a => (a.Request[0], a.Request[1])))
        {
            (byte[] Request, byte[] Answer)[] known = [.. command];
            bmc.Port.On(command.Key.NetFn, command.Key.Command, asked =>
            {
                byte[]? answer = known.FirstOrDefault(k => k.Request.Length == 2 || k.Request.AsSpan(2).SequenceEqual(asked.Data.Span)).Answer;
                return answer is null ? new IpmiResponse(0xC1, default) : new IpmiResponse(answer[0], answer.AsMemory(1));
            });
        }

        return bmc;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
}
