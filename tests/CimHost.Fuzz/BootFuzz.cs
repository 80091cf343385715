using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using CimHost.VmKernel.Boot;
using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.Boot.State;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>What a host reads at boot: boot.cfg, module archives, the saved state and the heads of runlevel scripts.</summary>
public class BootFuzz
{
    private static readonly ArchiveEntry[] s_entries =
    [
        new("etc", ArchiveEntryType.Directory, 493, 0, 0, DateTimeOffset.UnixEpoch),
        new("etc/hosts", ArchiveEntryType.RegularFile, 420, 0, 0, DateTimeOffset.UnixEpoch) { Content = "localhost"u8.ToArray() },
        new("etc/" + new string('n', 120), ArchiveEntryType.SymbolicLink, 511, 0, 0, DateTimeOffset.UnixEpoch) { LinkTarget = "../usr" },
    ];

    [Fact]
    public void Any_bytes_make_a_boot_configuration_or_errors() => Fuzzer.Run(
        [.. new[] { "build=1\nupdated=2\nbootstate=0\nmodules=a.b00 --- c.d01\nquickboot=1\nx=y\n", "# c\nbuild=\nupdated=-1\nbootstate=3\ntimeout=5\n" }.Select(Encoding.UTF8.GetBytes)],
        static data =>
        {
            bool right = BootConfiguration.TryRead(data, out BootConfiguration? read, out ImmutableArray<BootConfigurationError> errors);
            if (right != (read is not null) || right != errors.IsEmpty)
            {
                throw new InvalidOperationException("An answer and errors at once, or neither.");
            }

            if (right)
            {
                var written = new ArrayBufferWriter<byte>();
                read!.Write(written);
            }
        });

    // The tar file itself is mutated, not its compressed form, and its headers are sealed again: neither would come through its checksum.
    [Fact]
    public void Any_tar_file_is_read_or_refused() => Fuzzer.Run([ArchiveCodec.Pack(s_entries, ArchiveLimits.State).ToArray()], static data =>
    {
        Read(data);
        Read(Seal(data));
    });

    [Fact]
    public void Any_bytes_are_a_saved_state_or_refused() => Fuzzer.Run([StateArchive.Write(s_entries).ToArray()], static data =>
        Refusable(() => StateArchive.Read(new MemoryStream(data))));

    [Fact]
    public void Any_bytes_are_a_runlevel_script_or_an_error() => Fuzzer.Run(
        [Encoding.UTF8.GetBytes("#!/bin/sh\n# chkconfig: on 20 80\n### BEGIN INIT INFO\n# Provides: a b\n# Required-Start: $network c\n# Default-Start: 3\n### END INIT INFO\n")],
        static data =>
        {
            if (RunlevelScript.TryRead(data, "a", out RunlevelScript? read, out string? error) != (error is null))
            {
                throw new InvalidOperationException("An answer and an error at once, or neither.");
            }

            if (read is not null)
            {
                RunlevelScript.ToDefinitions([read], (_, _) => throw new InvalidOperationException());
            }
        });

    private static void Read(byte[] tar) =>
        Refusable(() => ArchiveCodec.Read(ArchiveCodec.Compress(new MemoryStream(tar), System.IO.Compression.CompressionLevel.NoCompression), ArchiveLimits.Module).Count());

    private static byte[] Seal(byte[] tar)
    {
        byte[] copy = [.. tar];
        for (int at = 0; at + 512 <= copy.Length; at += 512)
        {
            Span<byte> header = copy.AsSpan(at, 512);
            if (header.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                header.Slice(148, 8).Fill((byte)' ');
                int sum = 0;
                foreach (byte b in header)
                {
                    sum += b;
                }

                Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header[148..]);
            }
        }

        return copy;
    }

    private static void Refusable<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
            // Refused with a reason.
        }
    }
}
