using System.Runtime.CompilerServices;

// As in the library: what is measured here is the layout that its calls hand to the kernel.
[assembly: DisableRuntimeMarshalling]
