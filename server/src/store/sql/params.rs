//! Parameters of a statement: by number, as arrays and tuples, or by name.

use super::value::{ToValue, Value};
use super::{Result, SqlError};

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Place<'p> {
    /// `?1` is number 1.
    Number(usize),
    /// With its colon.
    Name(&'p str),
}

/// Takes the parameters one by one.
pub(in crate::store) type Bind<'b, 'v> = dyn FnMut(Place<'v>, Value<'v>) -> Result<()> + 'b;

/// The parameters of a statement.
pub(in crate::store) trait Params {
    /// Gives each of them, and where it goes.
    fn each<'v>(&'v self, bind: &mut Bind<'_, 'v>) -> Result<()>;
}

/// None.
impl Params for [&dyn ToValue; 0] {
    fn each<'v>(&'v self, _: &mut Bind<'_, 'v>) -> Result<()> {
        Ok(())
    }
}

impl<T: ToValue> Params for [T; 1] {
    fn each<'v>(&'v self, bind: &mut Bind<'_, 'v>) -> Result<()> {
        bind(Place::Number(1), self[0].to_value()?)
    }
}

/// As many as there are.
impl<T: ToValue> Params for &[T] {
    fn each<'v>(&'v self, bind: &mut Bind<'_, 'v>) -> Result<()> {
        for (number, value) in (1..).zip(*self) {
            bind(Place::Number(number), value.to_value()?)?;
        }
        Ok(())
    }
}

/// By name.
impl<const N: usize> Params for &[(&str, &dyn ToValue); N] {
    fn each<'v>(&'v self, bind: &mut Bind<'_, 'v>) -> Result<()> {
        for (name, value) in *self {
            bind(Place::Name(name), value.to_value()?)?;
        }
        Ok(())
    }
}

macro_rules! tuples {
    ($($($member:ident $number:tt),+;)*) => {$(
        impl<$($member: ToValue),+> Params for ($($member,)+) {
            fn each<'v>(&'v self, bind: &mut Bind<'_, 'v>) -> Result<()> {
                $(bind(Place::Number($number + 1), self.$number.to_value()?)?;)+
                Ok::<(), SqlError>(())
            }
        }
    )*};
}
tuples! {
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
