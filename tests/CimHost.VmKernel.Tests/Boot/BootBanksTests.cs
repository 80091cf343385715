using CimHost.VmKernel.Boot;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Boot;

public sealed class BootBanksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-banks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_start_makes_bank_1_with_the_hosts_build_and_bank_2_without_image()
    {
        BootBanks banks = Open();
        Assert.Equal(("0.1.0", 1, BootState.Valid), Facts(banks.Inspect()[0]));
        Assert.Equal((string.Empty, 0, BootState.Valid), Facts(banks.Inspect()[1]));
        Assert.Equal(1, banks.Boot().Number);
        Assert.Equal(File1[..^"/boot.cfg".Length], banks.Booted.Directory);
        Assert.Equal(File2[..^"/boot.cfg".Length], banks.AlternateDirectory);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File1));
        }
    }

    [Fact]
    public async Task While_another_process_changes_the_banks_nobody_else_does()
    {
        BootBanks banks = Open();
        banks.Boot();
        banks.LockTimeout = TimeSpan.Zero;
        string before = await File.ReadAllTextAsync(File1);
        using (new FileStream(Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(File1))!, "bootbanks.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            foreach (Action change in (Action[])[() => banks.Boot(), banks.Confirm, () => banks.Select(1), () => banks.SelectOther(), () => banks.Reset(1)])
            {
                Assert.Contains("Another process", Assert.Throws<IOException>(change).Message, StringComparison.Ordinal);
            }

            await Assert.ThrowsAsync<IOException>(() => banks.StageUpgradeAsync("2", []));
            Assert.Equal(2, banks.Inspect().Length);
        }

        Assert.Equal(before, await File.ReadAllTextAsync(File1));
        await banks.StageUpgradeAsync("2", []);
        Assert.Equal(2, banks.Next().Number);
    }

    [Fact]
    public void A_bank_that_is_passed_over_is_left_for_the_other_by_this_process()
    {
        BootBanks banks = Open();
        banks.Boot();
        banks.Reset(2);
        banks = Open();
        Assert.Equal(2, banks.Boot().Number);
        banks.PassOver("m.v00 cannot be unpacked");
        Assert.Equal(1, banks.Boot().Number);
        banks.PassOver("m.v00 neither");
        Assert.Contains("m.v00 cannot be unpacked", Assert.Throws<NoBootableBankException>(banks.Boot).Message, StringComparison.Ordinal);
        Assert.Equal(2, Open().Boot().Number);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_first_start_that_broke_off_is_done_again(bool bank2Written, bool bank1Begun)
    {
        Open();
        Directory.Delete(Path.GetDirectoryName(File1)!, recursive: true);
        if (!bank2Written)
        {
            File.Move(File2, File2 + ".new");
        }

        if (bank1Begun)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File1)!);
            File.WriteAllText(File1 + ".new", "build=");
        }

        Assert.Equal(1, Open().Boot().Number);
    }

    [Fact]
    public void Banks_that_lost_their_boot_cfg_are_no_first_start()
    {
        Open();
        File.Delete(File1);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(File1)!, "state.tgz"), "x");
        Assert.Throws<NoBootableBankException>(() => Open().Boot());
    }

    [Theory]
    [InlineData("a 1 0", "b 2 0", 2)]
    [InlineData("a 3 0", "b 2 0", 1)]
    [InlineData("a 2 0", "b 3 3", 1)]
    [InlineData("a 2 0", "b 3 2", 2)]
    [InlineData("a 2 0", "b 3 1", 2)]
    [InlineData("a 2 2", "b 1 0", 1)]
    [InlineData("a 2 0", "b 0 0", 1)]
    [InlineData("a -5 0", "b 1 0", 2)]
    [InlineData(" 9 0", "b 1 0", 2)]
    [InlineData("a 9 9", "b 1 0", 2)]
    [InlineData(null, "b 1 0", 2)]
    [InlineData("a 1 0", null, 1)]
    public void The_highest_updated_among_valid_and_dirty_banks_boots(string? bank1, string? bank2, int expected)
    {
        Put(File1, bank1);
        Put(File2, bank2);
        Assert.Equal(expected, Open().Boot().Number);
    }

    [Fact]
    public async Task An_upgrade_that_reaches_ready_is_valid_and_the_banks_have_changed_places()
    {
        BootBanks banks = Booted();
        BootBank staged = await banks.StageUpgradeAsync("0.2.0", [Module("a.v00"), Module("b.v01")], "debug=1");
        Assert.Equal((2, ("0.2.0", 2, BootState.Upgrading)), (staged.Number, Facts(staged)));
        Assert.Equal(2, banks.Next().Number);

        banks = Open();
        BootBank booted = banks.Boot();
        Assert.Equal(2, booted.Number);
        Assert.Equal(["a.v00", "b.v01"], booted.ModuleFiles.Select(Path.GetFileName));
        Assert.Equal("debug=1", booted.Configuration!.KernelOptions);
        Assert.Equal(File1[..^"/boot.cfg".Length], banks.AlternateDirectory);
        Assert.Equal(BootState.Dirty, State(2));
        banks.Confirm();
        Assert.Equal(BootState.Valid, State(2));

        await banks.StageUpgradeAsync("0.3.0", []);
        Assert.Equal(("0.3.0", 3, BootState.Upgrading), Facts(Open().Inspect()[0]));
        Assert.Equal("debug=1", Open().Inspect()[0].Configuration!.KernelOptions);
    }

    [Fact]
    public async Task An_image_that_fails_to_reach_ready_twice_is_left_for_the_other_bank()
    {
        await Booted().StageUpgradeAsync("0.2.0", []);
        Assert.Equal(2, Open().Boot().Number);
        Assert.Equal(BootState.Dirty, State(2));
        Assert.Equal(2, Open().Boot().Number);
        Assert.Equal(BootState.Invalid, State(2));
        Assert.Equal(1, Open().Boot().Number);
        Assert.Equal(1, Open().Boot().Number);
        Assert.Equal(BootState.Invalid, State(2));
    }

    [Fact]
    public async Task The_second_attempt_can_still_make_the_image_valid()
    {
        await Booted().StageUpgradeAsync("0.2.0", []);
        Open().Boot();
        BootBanks second = Open();
        second.Boot();
        second.Confirm();
        Assert.Equal(BootState.Valid, State(2));
        Assert.Equal(2, Open().Boot().Number);
    }

    [Fact]
    public async Task A_valid_image_stays_whatever_becomes_of_its_boots()
    {
        BootBanks banks = Booted();
        await banks.StageUpgradeAsync("0.2.0", []);
        banks = Open();
        banks.Boot();
        banks.Confirm();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(2, Open().Boot().Number);
        }
    }

    [Fact]
    public async Task The_first_boot_of_an_upgrade_takes_the_state_over_and_later_boots_keep_their_own()
    {
        BootBanks banks = Booted();
        File.WriteAllText(StateFile(2), "long ago");
        File.WriteAllText(StateFile(2) + ".1", "longer ago");
        await banks.StageUpgradeAsync("0.2.0", []);
        File.WriteAllText(StateFile(1), "changed after staging");
        Open().Boot();
        Assert.Equal("changed after staging", File.ReadAllText(StateFile(2)));
        Assert.False(File.Exists(StateFile(2) + ".1"));
        File.WriteAllText(StateFile(2), "changed since");
        Open().Boot();
        Assert.Equal("changed since", File.ReadAllText(StateFile(2)));
    }

    [Fact]
    public async Task An_administrator_goes_back_when_both_banks_can_be_booted()
    {
        BootBanks banks = Booted();
        BootException refused = Assert.Throws<BootException>(() => banks.SelectOther());
        Assert.Contains(File2, refused.Message, StringComparison.Ordinal);
        Assert.Throws<BootException>(() => banks.Select(2));
        Assert.Throws<BootException>(() => banks.Select(3));
        await banks.StageUpgradeAsync("0.2.0", []);
        banks = Open();
        banks.Boot();
        banks.Confirm();
        Assert.Equal(2, banks.Select(2).Number);
        Assert.Equal(BootState.Valid, State(2));
        Assert.Equal(1, banks.SelectOther().Number);
        Assert.Equal(BootState.Invalid, State(2));
        banks.Confirm();
        Assert.Equal(1, Open().Boot().Number);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Going_back_before_ready_is_not_undone_by_reaching_ready(bool byNumber)
    {
        await Booted().StageUpgradeAsync("0.2.0", []);
        foreach (bool second in new[] { false, true })
        {
            BootBanks banks = Open();
            Assert.Equal(2, banks.Boot().Number);
            BootState onTrial = State(2);
            Assert.Equal(1, (byNumber ? banks.Select(1) : banks.SelectOther()).Number);
            banks.Confirm();
            Assert.Equal(BootState.Invalid, State(2));
            Put(File2, $"0.2.0 2 {(int)onTrial}");
            Assert.Equal(second ? BootState.Invalid : BootState.Dirty, onTrial);
        }
    }

    [Fact]
    public async Task A_bank_whose_module_is_missing_or_damaged_does_not_boot()
    {
        await Booted().StageUpgradeAsync("0.2.0", [Module("a.v00")]);
        string module = Path.Combine(Path.GetDirectoryName(File2)!, "a.v00");
        byte[] whole = File.ReadAllBytes(module);
        File.WriteAllBytes(module, whole[..^20]);
        Assert.Equal(1, Open().Boot().Number);
        File.Delete(module);
        Assert.Contains("a.v00 is missing", Open().Inspect()[1].Problems[0], StringComparison.Ordinal);
        Assert.Equal(1, Open().Boot().Number);
        File.WriteAllBytes(module, whole);
        Assert.Equal(2, Open().Boot().Number);
    }

    [Fact]
    public async Task An_upgrade_with_a_bad_module_leaves_the_running_bank_the_one_that_boots()
    {
        BootBanks banks = Booted();
        string bad = Path.Combine(_folder, "bad");
        File.WriteAllText(bad, "no archive");
        BootException e = await Assert.ThrowsAsync<BootException>(() => banks.StageUpgradeAsync("0.2.0", [Module("a.v00"), new("b.v00", bad)]));
        Assert.Contains("b.v00", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => banks.StageUpgradeAsync("0.2.0", [new("b.v00", bad + "-not-there")]));
        Assert.Equal(1, Open().Boot().Number);
        foreach (string name in new[] { "boot.cfg", "state.tgz", "../x", "x.new" })
        {
            await Assert.ThrowsAsync<BootException>(() => banks.StageUpgradeAsync("0.2.0", [new(name, bad)]));
        }

        await banks.StageUpgradeAsync("0.2.0", [Module("a.v00")]);
        Assert.Equal(2, Open().Boot().Number);
    }

    [Fact]
    public async Task No_upgrade_overwrites_the_bank_that_a_trial_falls_back_to()
    {
        await Booted().StageUpgradeAsync("0.2.0", []);
        BootBanks banks = Open();
        banks.Boot();
        await Assert.ThrowsAsync<BootException>(() => banks.StageUpgradeAsync("0.3.0", []));
        Assert.Equal("0.1.0", banks.Inspect()[0].Configuration!.Build);
    }

    [Fact]
    public void Both_banks_damaged_says_what_is_wrong_and_following_it_boots()
    {
        Open();
        File.WriteAllText(File1, "build=0.1.0\nupdated=seven\nbootstate=0\n");
        Put(File2, "0.0.9 3 3");
        NoBootableBankException e = Assert.Throws<NoBootableBankException>(() => Open().Boot());
        Assert.Contains($"{File1}: line 2, updated: \"seven\" is not a number", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{File2}: bootstate is 3 (invalid)", e.Message, StringComparison.Ordinal);
        Assert.Contains($"try bank 2 once more: write bootstate=0 in {File2}", e.Message, StringComparison.Ordinal);

        // The three lines of the last advice, as they are printed.
        string[] lines = e.Message.Split('\n');
        Assert.Contains(File1, lines[^4], StringComparison.Ordinal);
        File.WriteAllLines(File1, lines[^3..]);
        Assert.Equal((1, ("0.1.0", 4, BootState.Valid)), (Open().Boot().Number, Facts(Open().Boot())));
    }

    [Fact]
    public void Reset_makes_a_bank_bootable_again_and_keeps_its_state()
    {
        BootBanks banks = Open();
        File.WriteAllBytes(File1, [0xFF]);
        File.WriteAllText(StateFile(1), "kept");
        Assert.Throws<NoBootableBankException>(() => banks.Boot());
        banks.Reset(1);
        Assert.Equal(1, banks.Boot().Number);
        Assert.Equal("kept", File.ReadAllText(StateFile(1)));
        Assert.Throws<BootException>(() => banks.Reset(0));
    }

    private string File1 => Path.Combine(_folder, "state", "bootbank1", "boot.cfg");

    private string File2 => Path.Combine(_folder, "state", "bootbank2", "boot.cfg");

    private static (string Build, int Updated, BootState State) Facts(BootBank bank) =>
        (bank.Configuration!.Build, bank.Configuration.Updated, bank.Configuration.State);

    private static void Put(string file, string? facts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string[] f = facts?.Split(' ') ?? [];
        File.WriteAllText(file, facts is null ? "damaged" : $"build={f[0]}\nupdated={f[1]}\nbootstate={f[2]}\n");
    }

    private string StateFile(int bank) => Path.Combine(Path.GetDirectoryName(bank == 1 ? File1 : File2)!, "state.tgz");

    private BootState State(int bank) => Open().Inspect()[bank - 1].Configuration!.State;

    private BootBanks Open() => BootBanks.Open(Path.Combine(_folder, "state"), "0.1.0", NullLogger.Instance);

    private BootBanks Booted()
    {
        BootBanks banks = Open();
        banks.Boot();
        banks.Confirm();
        return banks;
    }

    private StagedModule Module(string name)
    {
        string file = Path.Combine(_folder, "source-" + name);
        File.WriteAllBytes(file, new TarBytes().Add("etc/" + name, content: name).End());
        return new StagedModule(name, file);
    }
}
