using System.Runtime.CompilerServices;

// As in the library: what is measured is its kind of call.
[assembly: DisableRuntimeMarshalling]
