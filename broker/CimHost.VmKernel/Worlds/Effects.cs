namespace CimHost.VmKernel.Worlds;

/// <summary>What is to be done after the lock of the world table was left, in this order: closing files, cancelling, waking, real signals.</summary>
internal sealed class Effects
{
    private List<Action>? _actions;

    public void Add(Action action) => (_actions ??= []).Add(action);

    public void Run()
    {
        if (_actions is null)
        {
            return;
        }

        foreach (Action action in _actions)
        {
            action();
        }
    }
}
