//! Personal data must not reach logs or panic messages through `Debug`.

/// Implements `Debug` so that only the type's name is printed.
macro_rules! masked_debug {
    ($($type:ty),+ $(,)?) => {$(
        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($type), "(masked)"))
            }
        }
    )+};
}
pub(crate) use masked_debug;
