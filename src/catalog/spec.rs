//! One item of a list with its knobs set: what a scenario file says, and what it reads back as.
//!
//! A scenario writes `Cg(iterations: 20, damping: 1e-3)`. Which names and fields exist is known
//! only from the list, so [`Spec`] reads and writes itself by hand: the variant is the card's
//! identifier in PascalCase, the fields are the knobs, and any of them may be left out.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{LazyLock, Mutex};

use serde::de::{self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::ser::SerializeStructVariant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Card, Carded, Kind, Knob, KnobError, Knobs, Value, find};

/// A list of extensions that a [`Spec`] can choose from.
pub trait Catalog: 'static {
    /// One item of the list.
    type Entry: Carded + 'static;
    /// What one item is called, for messages: `estimator`.
    const ITEM: &'static str;
    /// The items, in the order shown.
    fn all() -> &'static [Self::Entry];
    /// Their cards.
    fn cards() -> Vec<&'static Card> {
        Self::all().iter().map(Carded::card).collect()
    }
}

/// An item of a list with its knobs set. It holds the item itself, so that whoever has one can build from it.
pub struct Spec<C: Catalog> {
    entry: &'static C::Entry,
    /// The values of its knobs.
    pub knobs: Knobs,
}

impl<C: Catalog> Spec<C> {
    /// The item with every knob at its default.
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        find(C::all(), id).map(Self::of)
    }

    /// An item with every knob at its default.
    #[must_use]
    pub fn of(entry: &'static C::Entry) -> Self {
        Self { entry, knobs: Knobs::defaults(entry.card().knobs) }
    }

    /// The item that a scenario spells so, with every knob at its default: `HeavyBall`.
    #[must_use]
    pub fn spelled(name: &str) -> Option<Self> {
        C::all().iter().find(|entry| entry.card().ron_name() == name).map(Self::of)
    }

    /// The item.
    #[must_use]
    pub fn entry(&self) -> &'static C::Entry {
        self.entry
    }

    /// Sets one knob, in a chain.
    ///
    /// # Errors
    /// When there is no such knob or it does not take the value.
    pub fn with(mut self, key: &str, value: Value) -> Result<Self, KnobError> {
        self.knobs.set(key, value)?;
        Ok(self)
    }

    /// The item's card.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        self.entry.card()
    }

    /// The item's identifier.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.card().id
    }
}

impl<C: Catalog> Clone for Spec<C> {
    fn clone(&self) -> Self {
        Self { entry: self.entry, knobs: self.knobs.clone() }
    }
}

impl<C: Catalog> PartialEq for Spec<C> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id() && self.knobs == other.knobs
    }
}

impl<C: Catalog> fmt::Debug for Spec<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.card().ron_name(), self.knobs.iter().map(|(k, v)| (k.key, v)).collect::<Vec<_>>())
    }
}

impl<C: Catalog> Serialize for Spec<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = intern(&self.card().ron_name());
        let mut variant = serializer.serialize_struct_variant("Extension", 0, name, self.card().knobs.len())?;
        for (knob, value) in self.knobs.iter() {
            match value {
                Value::Automatic => variant.serialize_field(knob.key, &Step::Auto)?,
                Value::Real(x) if matches!(knob.kind, Kind::Automatic { .. }) => {
                    variant.serialize_field(knob.key, &Step::Fixed(x))?;
                }
                Value::Real(x) => variant.serialize_field(knob.key, &x)?,
                Value::Integer(x) => variant.serialize_field(knob.key, &x)?,
                Value::Choice(name) => variant.serialize_field(knob.key, &Name(name))?,
                Value::Sized(name, number) => variant.serialize_field(knob.key, &Sized(name, number))?,
                Value::Toggle(on) => variant.serialize_field(knob.key, &on)?,
            }
        }
        variant.end()
    }
}

impl<'de, C: Catalog> Deserialize<'de> for Spec<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SpecSeed::<C>::default().deserialize(deserializer)
    }
}

/// The choice among the items of a list, as a knob. Its values are spelled as a scenario spells the items.
#[must_use]
pub fn choice(key: &'static str, help: &'static str, cards: &[&'static Card]) -> Knob {
    let option = |card: &&'static Card| (intern(&card.ron_name()), card.summary);
    let options: Vec<(&'static str, &'static str)> = cards.iter().map(option).collect();
    Knob { key, help, kind: Kind::Choice { options: options.leak() } }
}

/// Reads a [`Spec`]; also usable where the caller drives deserialisation itself.
pub struct SpecSeed<C>(PhantomData<fn() -> C>);

impl<C> Default for SpecSeed<C> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, C: Catalog> DeserializeSeed<'de> for SpecSeed<C> {
    type Value = Spec<C>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let names = intern_all(C::cards().iter().map(|card| card.ron_name()));
        deserializer.deserialize_enum(C::ITEM, names, SpecVisitor(self.0, names))
    }
}

struct SpecVisitor<C>(PhantomData<fn() -> C>, &'static [&'static str]);

impl<'de, C: Catalog> Visitor<'de> for SpecVisitor<C> {
    type Value = Spec<C>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of the {}s {}", C::ITEM, self.1.join(", "))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Spec<C>, A::Error> {
        let (entry, variant) = access.variant_seed(EntrySeed::<C>(self.0, self.1))?;
        let card = entry.card();
        let keys = intern_all(card.knobs.iter().map(|knob| knob.key.to_owned()));
        let knobs = variant.struct_variant(keys, KnobsVisitor(card, keys))?;
        Ok(Spec { entry, knobs })
    }
}

/// The variant's name, matched against the list.
struct EntrySeed<C>(PhantomData<fn() -> C>, &'static [&'static str]);

impl<'de, C: Catalog> DeserializeSeed<'de> for EntrySeed<C> {
    type Value = &'static C::Entry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<C: Catalog> Visitor<'_> for EntrySeed<C> {
    type Value = &'static C::Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.1.join(", "))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        let found = C::all().iter().find(|entry| entry.card().ron_name() == name);
        found.ok_or_else(|| E::unknown_variant(name, self.1))
    }
}

/// The fields of the variant: knobs by key, absent ones at their default.
struct KnobsVisitor(&'static Card, &'static [&'static str]);

impl<'de> Visitor<'de> for KnobsVisitor {
    type Value = Knobs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of {}: {}", self.0.ron_name(), self.1.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Knobs, A::Error> {
        let mut knobs = Knobs::defaults(self.0.knobs);
        let mut seen: Vec<&'static str> = Vec::new();
        while let Some(knob) = map.next_key_seed(KnobKey(self.0.knobs, self.1))? {
            if seen.contains(&knob.key) {
                return Err(de::Error::duplicate_field(knob.key));
            }
            seen.push(knob.key);
            let value = map.next_value_seed(KnobValue(knob))?;
            knobs.set(knob.key, value).map_err(de::Error::custom)?;
        }
        Ok(knobs)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Knobs, A::Error> {
        Err(de::Error::custom(format!("the fields of {} need their names", self.0.ron_name())))
    }
}

struct KnobKey(&'static [Knob], &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KnobKey {
    type Value = &'static Knob;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KnobKey {
    type Value = &'static Knob;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.1.join(", "))
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        self.0.iter().find(|knob| knob.key == key).ok_or_else(|| E::unknown_field(key, self.1))
    }
}

/// Reads a value as the knob's type and checks its range on the spot, so that the error points at it.
struct KnobValue(&'static Knob);

impl<'de> DeserializeSeed<'de> for KnobValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let knob = self.0;
        let value = match knob.kind {
            Kind::Real { .. } => Value::Real(f64::deserialize(deserializer)?),
            Kind::Automatic { .. } => match Step::deserialize(deserializer)? {
                Step::Auto => Value::Automatic,
                Step::Fixed(x) => Value::Real(x),
            },
            Kind::Integer { .. } => Value::Integer(i64::deserialize(deserializer)?),
            Kind::Choice { .. } | Kind::Sized { .. } => {
                let names = intern_all(knob.kind.options().map(|(name, _)| name.to_owned()));
                deserializer.deserialize_enum(knob.key, names, ChoiceVisitor(knob, names))?
            }
            Kind::Toggle { .. } => Value::Toggle(bool::deserialize(deserializer)?),
        };
        knob.accept(value)
            .map_err(|expected| de::Error::custom(format!("`{}` cannot be {value}; expected {expected}", knob.key)))
    }
}

struct ChoiceVisitor(&'static Knob, &'static [&'static str]);

impl<'de> Visitor<'de> for ChoiceVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.1.join(", "))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (name, variant) = access.variant_seed(ChoiceName(self.1))?;
        match self.0.kind {
            Kind::Sized { sized, .. } if sized.iter().any(|(option, _)| *option == name) => {
                Ok(Value::Sized(name, variant.newtype_variant()?))
            }
            _ => variant.unit_variant().map(|()| Value::Choice(name)),
        }
    }
}

/// The option's name, which is a bare word and no quoted text.
struct ChoiceName(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for ChoiceName {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for ChoiceName {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.0.join(", "))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        let found = self.0.iter().find(|option| **option == name);
        found.copied().ok_or_else(|| E::unknown_variant(name, self.0))
    }
}

/// How an automatic knob is written.
#[derive(Serialize, Deserialize)]
enum Step {
    Auto,
    Fixed(f64),
}

/// A bare name, as RON writes a unit variant.
struct Name(&'static str);

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit_variant("Choice", 0, self.0)
    }
}

/// A name with a number, as RON writes a variant with one value.
struct Sized(&'static str, i64);

impl Serialize for Sized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_variant("Choice", 0, self.0, &self.1)
    }
}

/// serde wants names that live forever; each distinct one is kept once.
fn intern(text: &str) -> &'static str {
    intern_all(std::iter::once(text.to_owned()))[0]
}

fn intern_all(texts: impl Iterator<Item = String>) -> &'static [&'static str] {
    static KEPT: LazyLock<Mutex<HashMap<Vec<String>, &'static [&'static str]>>> = LazyLock::new(Mutex::default);
    let texts: Vec<String> = texts.collect();
    let mut kept = KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    kept.entry(texts.clone()).or_insert_with(|| {
        let names: Vec<&'static str> = texts.into_iter().map(|text| &*text.leak()).collect();
        names.leak()
    })
}
