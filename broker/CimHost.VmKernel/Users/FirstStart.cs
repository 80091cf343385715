using System.Security.Cryptography;
using CimHost.VmKernel.Users.Passwords;

namespace CimHost.VmKernel.Users;

/// <summary>What a host needs that has no account files yet.</summary>
/// <param name="RootPassword">
/// Tells the password of root; asked only then. One that breaks the rules is taken with a warning in the log: an installation that works
/// by itself must not stop here, and whoever can set it owns the host anyway.
/// </param>
/// <param name="UsersJson">User file of an older version whose users are taken over; null, or a file that does not exist: none.</param>
public sealed record FirstStart(Func<string> RootPassword, string? UsersJson = null)
{
    private const int Groups = 4;
    private const int GroupLength = 5;
    private static readonly PasswordQuality s_rule = PasswordQuality.Parse(PasswordQuality.DefaultRule);

    /// <summary>A password that nobody chose and that the default rule takes: 20 characters from 32, about 100 bits, in groups that a person can copy.</summary>
    public static string GeneratePassword()
    {
        while (true)
        {
            string password = string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", GroupLength)));
            if (s_rule.WhatIsMissing(password, string.Empty) is null)
            {
                return password;
            }
        }
    }
}
