using System.Text;

namespace CimHost.VmKernel.Boot;

/// <summary>Neither bank can be booted. The message says what is wrong in each, naming the files, and how to make one bootable.</summary>
public sealed class NoBootableBankException : Exception
{
    internal NoBootableBankException(IReadOnlyList<BootBank> banks, string hostBuild)
        : base(Explain(banks, hostBuild)) => Banks = banks;

    /// <summary>Both banks with their problems.</summary>
    public IReadOnlyList<BootBank> Banks { get; }

    private static string Explain(IReadOnlyList<BootBank> banks, string hostBuild)
    {
        var text = new StringBuilder("Neither boot bank can be booted.\n");
        foreach (BootBank bank in banks)
        {
            text.Append($"  bank {bank.Number} ({bank.Directory}):\n");
            foreach (string problem in bank.Problems)
            {
                text.Append($"    {problem}\n");
            }
        }

        text.Append("To make a bank bootable, do one of these and start again; the configuration in state.tgz is kept:\n");
        if (banks.FirstOrDefault(OnlyMarkedInvalid) is { } bank1)
        {
            text.Append($"  - try bank {bank1.Number} once more: write bootstate=0 in {bank1.ConfigurationFile};\n");
        }

        text.Append("  - repair by hand what is said above: put back the module that is missing, or take its name out of the line modules=;\n");
        text.Append($"  - reset bank 1 to the image of this host alone, without modules: let {banks[0].ConfigurationFile} hold just the three lines\n");
        text.Append($"      build={hostBuild}\n      updated={BootBanks.NextUpdated(banks)}\n      bootstate=0");
        return text.ToString();
    }

    private static bool OnlyMarkedInvalid(BootBank bank) => bank.Problems.Length == 1 && bank.Configuration is { State: BootState.Invalid };
}
