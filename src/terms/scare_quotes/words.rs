//! The words that traits of quoted spans look for, French and English together.

use crate::terms::word_list::WordList;

pub(super) static DEFINITE: WordList = WordList::new("le la les l' the");
pub(super) static POSSESSIVE: WordList = WordList::new(
    "son sa ses leur leurs mon ma mes notre nos votre vos his her its their our your my",
);
pub(super) static DEMONSTRATIVE: WordList =
    WordList::new("ce cet cette ces tel telle tels telles this that these those such");
pub(super) static PARTITIVE: WordList = WordList::new("du des au aux some");
pub(super) static OF: WordList = WordList::new("de d' of");
pub(super) static PREPOSITIONS: WordList = WordList::new(
    "à en pour par sur sous dans contre avec sans entre vers chez to in for by with against \
     without from",
);
pub(super) static COPULA: WordList = WordList::new(
    "est sont était étaient être été sera serait seraient devenu devenue devenir fut n'est pas \
     plus is are was were be been not",
);

/// Verbs that another verb leans on.
pub(super) static AUXILIARIES: WordList = WordList::new(
    "are avaient avait avoir be been can could doit doivent est fait had has have is may might \
     must ont peut peuvent pu s' se sera serait seront sont to va vont was were will would \
     étaient était été être",
);

/// Words that make light of the noun they go with, or single it out.
pub(super) static IRONY: WordList = WordList::new(
    "autre autres certain certaine certaines certains célèbre célèbres dernier dernière fameuse \
     fameuses fameux famous grand grande grandes grands great mythical mythique même mêmes new \
     nouveau nouveaux nouvelle nouvelles own pareil pareille principal principale principales \
     principaux propre propres real sorte tel telle telles tels true usual vrai vraie vraies \
     vrais véritable véritables",
);

/// Words that hold off what follows, or call it a pretext, an appearance, a mere name.
pub(super) static DISTANCING: WordList = WordList::new(
    "alleged allegedly apparence certain certaine couvert couverture fameuse fameuses fameux \
     famous grounds guise illusion infamous mythique name nom pretext prétendu prétendue \
     prétendues prétendument prétendus prétexte prétextes pseudo purported self-proclaimed \
     self-styled semblant so-called soi-disant supposed supposedly supposé supposée supposées \
     supposément supposés vaunted",
);

/// Words that claim something for what they name: worth, right, knowledge, good will; or the
/// very fact that one side denies. Between marks the claim is held off.
pub(super) static WORTH: WordList = WordList::new(
    "aide aides allié ally ami amie amis crime deal fact facts fake free help héros libre mercy \
     monde news ordre paix peace right safe sûr sûrs truth utile vert verte verts élite",
);

/// The beginnings, of six letters to eight, of words of that kind.
pub(super) static WORTH_STEMS: WordList = WordList::new(
    "acciden agresse agressi allies alliés amitié antisys attaqu besoin bienvei cadeau civilis \
     civiliz collègue combatt communa concern conserv coupabl courage crimes dangere dialogu \
     dialogue diplomat discern divers diversi droits durable démilit démocrat dénazi efficac \
     ennemi enquête envahi erreur erroné europé evidenc expert experti experts explicat fact-ch \
     fairness freedom friend gouvern guerre génocid honest honnête humain humanit inclus indepen \
     indépen ingénie ingéren integr integri invasio investig inévita journali justice justifi \
     liberal liberat liberté libéral libérat mainstr martyr menace mission moderat modernis \
     modéré nation neutral neutre normal négocia occupat officiel opérati pacifi partenai partner \
     pastor patriot peuple preuve privilèg problem progress progrès protec rationn recover reform \
     refugee rescue resistan rights rumeur règles récompen réforme référend réussite révolut \
     sauveur science scientif securit serviteu sobriété solution soudain soutien spécial spéciali \
     succès surdoué sécurité terroris toleran tolérance totalita transpar travail universel \
     valeur victim victoire victor vivre-e volonta vérité écolog élection",
);

/// Things that figures of speech are made of: parts of the body, beasts, weather, play, the
/// stage, the church, the kitchen.
pub(super) static FIGURES: WordList = WordList::new(
    "abattoir acteur aigle amour ange araignée arbre argent arme armes avion bataille bateau \
     bible bombe bottes boucher bouclier boue bouton boîte bras bulle but bébé cadavre cafard \
     cafards cancer caniche capitaine carte cartes carton cavalier cerveau chameau chat chemin \
     cheval chien chiens chirurgie chèque cirque clown clé clés colombe colombes comédie course \
     croisade croix cuisine cure cœur dents dette diable diamant dictée dieu divorce désert eau \
     empereur enfant enfer enterrer essence examen face facture famille fantôme farce faucon \
     faucons fenêtre feu film fièvre flamme flammes fleur flic forêt frein fromage front fruit \
     fusible gel gendarme genoux girouette glace grand-messe guerre gâteau hachoir hyène incendie \
     inquisition jardin jeu jeux jouet jouets joyaux jungle lait leçon lion locomotive loup loups \
     lumière lune main mains maison malade maladie marathon marché mariage marionnette \
     marionnettes masque match maître menu mer messe miel miettes monnaie mort moteur mouche \
     mouton mur murs mère médaille médecin naissance navire neige note océan oie ombre or ouragan \
     ours pain pandore parachute paradis parrain pied pieds pilote pilule pion pions plat pluie \
     podium poisson poivre poker pompier pompiers pont porte portes poudre poudrière poule poumon \
     professeur prêtre père racine rail rails rat rats recette reine remède renard requin rideau \
     rivière roi roulette route saigner sang sauce scène sel sentier serpent shérif singe soupe \
     spectacle tempête terrain théâtre tigre tombe tragédie train tranchée tsunami tête vaccin \
     vache vague veine vent viande virus visage voie volant volcan wagon western zombie zombies \
     âne échecs école élève étincelle œuf œufs",
);

/// Words by which someone is said to claim what he is, or to hide behind a reason.
pub(super) static CLAIM: WordList = WordList::new(
    "autoproclamé autoproclamés claiming claims considère considèrent considéraient considérait \
     couvert guise pretext proclame proclament proclamé proclamés présentant présente présentent \
     prétend prétendait prétendant prétendent prétendu prétendue prétendues prétendument \
     prétendus prétexte purportedly soi-disant supposedly supposé supposée supposés",
);

/// Verbs that do so with *se* alone: *se dit*, *se veulent*.
pub(super) static REFLEXIVE_CLAIM: WordList =
    WordList::new("dit disent disant veut veulent croit croient");

/// Words that announce the name or title of something.
pub(super) static NAMED: WordList = WordList::new(
    "accord accords act adage affiche affiches agence album alias amendement appelé appelée \
     appelées appelés application article association banderole baptisé baptisée base bataille \
     bataillon bataillons battalion bill blog bombardier book bouton brigade cabinet called \
     campaign category catégorie chanson chapitre char chars chaîne classe clause club coalition \
     code column company compte concept concours conférence cri cris devise division doctrine \
     documentaire documentary données drone drones dubbed dénommé dénommée désignation emprunt \
     entitled entreprise episode essai exercice exercices exposition festival film films fonction \
     fondation formule forum gazoduc group groupe hashtag hebdomadaire hymne initiative \
     inscription intitulé intitulée intitulées intitulés jeu journal journée known label \
     lance-roquettes law laws letter lettre lettres livre livres loi lois légion magazine maladie \
     manifestation manifeste manœuvre manœuvres marche marque mention missile missiles modèle \
     motto mouvement movement movie médaille mémorandum named navire newspaper nommé nommée \
     nommés notion novel ong operation opéra opération ordre organisation ouvrage page pancarte \
     pancartes paragraphe parti partis party phrase pièce plan plateforme podcast politique \
     portail poste poème principe principes principle prix program programme project projet \
     proverbe prénom pseudonyme quotidien rapport rebaptisé rebaptisée refrain refuge regiment \
     report reportage resolution revue ritual roman rubrique rue règle régiment résolution \
     section series show site slogan slogans société sommet song sous-marin station story \
     stratégie surnommé surnommée système systèmes série tableau tag technique term termed \
     théorie théorème titled titre titré titrée touche tradition traité type usine variant \
     variante version video website word words émission étiquette étude",
);

/// Words for words.
pub(super) static MENTIONS: WordList = WordList::new(
    "mot mots terme termes expression expressions adjectif adjectifs vocable appellation \
     word words term terms phrase phrases expression expressions adjective",
);

/// Words that present the quoted word as a word, or as someone's.
pub(super) static PRESENTED: WordList = WordList::new(
    "appelait appelle appellent appelons called calling calls described describes describing \
     dubbed décrit décrite décrites décrits décrivent désigne désignent désigné désignées \
     expression labeled labelled meaning means mot mots phrase qualifiait qualifiant qualifie \
     qualifient qualifier qualifié qualifiée qualifiées qualifiés referred refers signifiant \
     signifie surnommer term terme termes terms traitant traitent traiter traité traités word \
     words",
);

/// Forms of verbs that ascribe words or thoughts to someone, beyond those of speech proper.
pub(super) static ATTRIBUTING_VERBS: WordList = WordList::new(
    "accusant accuse accused accusent accuses accusing accusé accusée accusés admet affirme \
     alleged alleging appelle appellent appelé argued assure avoue believes called calling calls \
     citant cite citent claimed claims clame condamne condamné condemned conseillé considère \
     considèrent considéré considérée conteste convaincu craignant craignent craint criant crié \
     demande demanded demandent demands demandé denied denies described describes décrit dénonce \
     dénoncent dénoncé dénonçant engage engagé espère espèrent estime estiment exige exigeant \
     exigent exigé feels fustige fustigé félicitant félicite félicité inquiète insiste insists \
     invite invité invoquant invoque invoquent invoqué juge jugent justifie justifié louant loue \
     menace menacent menacé mentionne mentionné nie nié ordonne parlant parle parlent parlé \
     perçoit plaide poste posté praised praising proclame promet promettait promettant promettent \
     promis promised proposant propose proposent proposé préconise préconisé présente présenté \
     prévoient prévoit prévoyait prône prônent prôné publie publié qualifie qualifié raconte \
     racontent recommande recommandé reconnaît reconnu redoutant redoute redoutent rejette rejeté \
     remercie remercié reproche reproché réclame réclament réclamé said saluant salue salué says \
     scandent scander souhaite souhaitent soupçonne soupçonné thinks titrait titre told urged \
     urges vantant vante veulent veut visant vise visent voient voit voulait vowed voyait wanted \
     wants warned warns écrit écrivait écrivent évoquant évoque évoquent évoqué",
);

/// Nouns for what was said or written.
pub(super) static ATTRIBUTING_NOUNS: WordList = WordList::new(
    "accusation accusations affidavit allegations allégation allégations annonce appel appels \
     argument arguments article aux avertissement avis claim claims commentaire commentaires \
     comments communiqué complaint conclusion critique critiques demande demandes discours \
     document déclaration déclarations entretien formule indictment inquiétude inquiétudes \
     interview letter lettre memo message note opinion point promesse promesses propos \
     proposition propositions préoccupations rapport rapports recommandation recommandations \
     remarks report réponse résolution source sources speech statement testimony texte thèse \
     thèses tweet vue yeux",
);

/// Words that only a sentence holds.
pub(super) static SENTENCE: WordList = WordList::new(
    "est sont était n' ne c' j' je nous vous il ils doit peut is are was we i you not",
);
