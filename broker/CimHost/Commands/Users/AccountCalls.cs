using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CimHost.Admin;

namespace CimHost.Commands.Users;

/// <summary>What the commands about users, groups, roles and permissions ask the host.</summary>
internal static class AccountCalls
{
    /// <summary>Shows a list.</summary>
    public static Task<int> ListAsync<T>(CommandContext context, string command, JsonTypeInfo<List<T>> type, string[] columns, Func<T, string[]> cells, CancellationToken cancellationToken) =>
        AdminCalls.ListAsync(context, AccountsEndpoint.Prefix + command, Json(new AccountRequest()), type, columns, cells, cancellationToken);

    /// <summary>Asks for a change and tells what became of it.</summary>
    public static Task<int> ChangeAsync(CommandContext context, string command, AccountRequest request, CancellationToken cancellationToken) =>
        AdminCalls.ChangeAsync(context, AccountsEndpoint.Prefix + command, Json(request), cancellationToken);

    private static byte[] Json(AccountRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, AccountJson.Default.AccountRequest);
}
