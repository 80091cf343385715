using System.Globalization;
using System.Text.RegularExpressions;

namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>
/// One description for many like things: <c>"each": { "from": 1, "count": 30, "but": [ { "n": 7, … } ] }</c> beside the properties that they
/// share. In texts <c>{n}</c> is the number, <c>{n:2}</c> with leading zeros, <c>{x:4}</c> hexadecimal, <c>{sd}</c> Linux' name of that disk
/// (0 is sda), each with <c>+</c> or <c>-</c> and a number behind the letters; what stands in "but" takes the place of a property of that one.
/// </summary>
internal static partial class NodeTemplate
{
    private const int MostCopies = 256;
    private const int LongestText = 4096;

    /// <summary>The things that a description is of: itself, or its copies.</summary>
    /// <exception cref="MachineFileException">"each" is wrong.</exception>
    public static IEnumerable<MachineNode> Expand(MachineNode node)
    {
        if (node.Kind != MachineNodeKind.Object || node.Optional("each") is not { } each)
        {
            return [node];
        }

        int from = each.Optional("from")?.AsInteger(0, 100_000) ?? 0;
        int count = each.Required("count").AsInteger(1, MostCopies);
        var others = new Dictionary<int, MachineNode>();
        foreach (MachineNode other in each.Optional("but")?.AsList(MostCopies) ?? [])
        {
            MachineNode number = other.Required("n");
            if (!others.TryAdd(number.AsInteger(from, from + count - 1), other))
            {
                throw number.Wrong("the number is there twice.");
            }
        }

        each.End();
        return Enumerable.Range(from, count).Select(n => Copy(node, n, others.GetValueOrDefault(n)));
    }

    private static MachineNode Copy(MachineNode template, int number, MachineNode? other)
    {
        MachineNode copy = Copy(template, number);
        copy.Members.Remove("each");
        foreach ((string name, MachineNode member) in other?.Members.Where(m => m.Key != "n") ?? [])
        {
            copy.Members[name] = Copy(member, number);
        }

        return copy;
    }

    private static MachineNode Copy(MachineNode node, int number)
    {
        string text = node.Kind == MachineNodeKind.Text && node.Text.Contains('{', StringComparison.Ordinal) ? Fill(node, number) : node.Text;
        var copy = new MachineNode(node.File, node.Line, node.Path, node.Kind, text);
        copy.Items.AddRange(node.Items.Select(i => Copy(i, number)));
        foreach ((string name, MachineNode member) in node.Members.Where(m => m.Key != "each"))
        {
            copy.Members.Add(name, Copy(member, number));
        }

        // A template within a template keeps its own.
        if (node.Members.TryGetValue("each", out MachineNode? each))
        {
            copy.Members.Add("each", each);
        }

        return copy;
    }

    private static string Fill(MachineNode node, int number)
    {
        if (node.Text.Length > LongestText)
        {
            throw node.Wrong($"a text with places for a number has at most {LongestText} characters.");
        }

        return Places().Replace(node.Text, place =>
        {
            int value = number + (place.Groups[2].Success ? int.Parse(place.Groups[2].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);
            string width = place.Groups[3].Success ? place.Groups[3].Value : "1";
            return value < 0 ? throw node.Wrong($"{place.Value} is below 0 for the number {number}.")
                : place.Groups[1].Value == "n" ? value.ToString("d" + width, CultureInfo.InvariantCulture)
                : place.Groups[1].Value == "x" ? value.ToString("x" + width, CultureInfo.InvariantCulture)
                : DiskName(value);
        });
    }

    // sda … sdz, sdaa …
    private static string DiskName(int index)
    {
        string letters = string.Empty;
        for (int i = index; i >= 0; i = (i / 26) - 1)
        {
            letters = (char)('a' + (i % 26)) + letters;
        }

        return "sd" + letters;
    }

    [GeneratedRegex(@"\{(n|x|sd)([+-]\d{1,5})?(?::(\d))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Places();
}
