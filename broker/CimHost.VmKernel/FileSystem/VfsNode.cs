namespace CimHost.VmKernel.FileSystem;

/// <summary>A place in the tree: a file and the mount through which it was reached.</summary>
internal readonly record struct VfsNode(Mount Mount, Inode Inode)
{
    /// <summary>The place that is seen here: the root of what is mounted over it, if anything is.</summary>
    public VfsNode Visible()
    {
        VfsNode node = this;
        while (node.Inode.Covering is { } mount)
        {
            node = new VfsNode(mount, mount.Root);
        }

        return node;
    }

    /// <summary>What ".." means here: out of the mount at its root, and the root's parent is the root.</summary>
    public VfsNode Up()
    {
        VfsNode node = Uncovered();
        return new VfsNode(node.Mount, node.Inode.Parent).Visible();
    }

    /// <summary>The directory that is hidden by the mount, when this is the root of one.</summary>
    public VfsNode Uncovered()
    {
        VfsNode node = this;
        while (ReferenceEquals(node.Inode, node.Mount.Root) && node.Mount.Covered is { } covered)
        {
            node = covered;
        }

        return node;
    }
}
