namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls on threads of the own world.</summary>
public interface IThreadCalls
{
    /// <summary>pthread_self(): 1 is the first thread.</summary>
    ValueTask<int> ThreadSelfAsync();

    /// <summary>pthread_create(): starts a thread, which has the mask of the caller. EAGAIN: too many threads.</summary>
    /// <param name="entry">What it does; it gets system calls of its own and returns its value.</param>
    /// <returns>Id of the thread.</returns>
    ValueTask<int> ThreadCreateAsync(Func<ISystemCalls, Task<int>> entry);

    /// <summary>pthread_join(): its value. ESRCH no such thread; EINVAL detached or joined by another. A signal does not interrupt it.</summary>
    ValueTask<int> ThreadJoinAsync(int thread);

    /// <summary>pthread_detach(). ESRCH no such thread; EINVAL detached already.</summary>
    ValueTask ThreadDetachAsync(int thread);
}
