//! A card and a reader, drawn; they say nothing that the words beside them do not say.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Picture {
    /// A card on its way to the reader.
    Placing,
    /// A card on the reader.
    Lying,
    /// A card on its way from the reader.
    Taking,
    /// A face and a card.
    Looking,
    /// A tick.
    Done,
}

impl Picture {
    const fn class(self) -> &'static str {
        match self {
            Self::Placing => "picture picture--placing",
            Self::Lying => "picture picture--lying",
            Self::Taking => "picture picture--taking",
            Self::Looking => "picture picture--looking",
            Self::Done => "picture picture--done",
        }
    }

    /// The drawing; the style sheet colours and moves it.
    pub(in super::super) fn draw(self) -> AnyView {
        view! {
            <svg class=self.class() viewBox="0 0 320 260" aria-hidden="true">
                {match self {
                    Self::Placing | Self::Lying | Self::Taking => reader_and_card().into_any(),
                    Self::Looking => face_and_card().into_any(),
                    Self::Done => tick().into_any(),
                }}
            </svg>
        }
        .into_any()
    }
}

fn reader_and_card() -> impl IntoView {
    view! {
        <rect class="picture__reader" x="40" y="120" width="240" height="128" rx="20" />
        <rect class="picture__place" x="70" y="138" width="180" height="92" rx="10" />
        <g class="picture__card">{card()}</g>
    }
}

fn card() -> impl IntoView {
    view! {
        <rect class="picture__body" x="84" y="142" width="152" height="88" rx="9" />
        <rect class="picture__photo" x="192" y="158" width="32" height="40" rx="3" />
        <circle class="picture__head" cx="208" cy="172" r="7" />
        <path class="picture__head" d="M196 198a12 12 0 0 1 24 0z" />
        <rect class="picture__line" x="98" y="160" width="70" height="7" rx="3" />
        <rect class="picture__line" x="98" y="176" width="82" height="7" rx="3" />
        <rect class="picture__line" x="98" y="192" width="56" height="7" rx="3" />
    }
}

fn face_and_card() -> impl IntoView {
    view! {
        <circle class="picture__face" cx="92" cy="92" r="52" />
        <path class="picture__face" d="M16 244a76 84 0 0 1 152 0z" />
        <g transform="translate(64 8)">{card()}</g>
    }
}

fn tick() -> impl IntoView {
    view! {
        <circle class="picture__disc" cx="160" cy="130" r="100" />
        <path class="picture__tick" d="M112 132l34 34 64-72" />
    }
}
